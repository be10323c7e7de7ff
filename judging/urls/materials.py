"""Addresses: materials."""

from django.urls import URLPattern, path

from judging.views import materials

pages: list[URLPattern] = [
    path("secretariat/blind/", materials.listing, name="materials_list"),
    path("secretariat/blind/<int:pk>/", materials.case, name="materials_case"),
    path("secretariat/blind/<int:pk>/page/<int:number>.png", materials.page, name="materials_page"),
    path("secretariat/blind/<int:pk>/page/<int:number>/look/", materials.look, name="materials_look"),
    path("secretariat/blind/<int:pk>/mask/", materials.mask, name="materials_mask"),
    path("secretariat/blind/<int:pk>/release/", materials.release, name="materials_release"),
    path("secretariat/blind/<int:pk>/take-back/", materials.take_back, name="materials_take_back"),
    path("secretariat/blind/<int:pk>/retry/", materials.retry, name="materials_retry"),
    path("secretariat/blind/<int:pk>/leave-out/", materials.leave_out, name="materials_leave_out"),
]
