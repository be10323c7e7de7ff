"""Addresses: gates."""

from django.urls import URLPattern, path

from judging.views import gates

pages: list[URLPattern] = [
    path("gatekeeping/", gates.listing, name="gates_list"),
    path("gatekeeping/<int:pk>/", gates.case, name="gates_case"),
    path("gatekeeping/<int:pk>/file/<uuid:key>/", gates.file, name="gates_file"),
    path("gatekeeping/<int:pk>/recommend/", gates.recommend, name="gates_recommend"),
    path("gatekeeping/<int:pk>/decline/", gates.decline, name="gates_decline"),
    path("gatekeeping/<int:pk>/confirm/", gates.confirm, name="gates_confirm"),
    path("gatekeeping/<int:pk>/send-back/", gates.send_back, name="gates_send_back"),
    path("gatekeeping/<int:pk>/recuse/", gates.recuse, name="gates_recuse"),
]
