"""Addresses: experts, panels and assignments."""

from django.urls import URLPattern, path

from judging.views import assignments, experts, panels

pages: list[URLPattern] = [
    path("secretariat/experts/", experts.listing, name="experts_list"),
    path("secretariat/experts/new/", experts.new, name="experts_new"),
    path("secretariat/experts/<int:pk>/", experts.edit, name="experts_edit"),
    path("secretariat/experts/<int:pk>/conflict/", experts.conflict, name="experts_conflict"),
    path("secretariat/panels/", panels.listing, name="panels"),
    # 0 is the panel of the final.
    path("secretariat/panels/<int:number>/", panels.save, name="panel_set"),
    path("secretariat/assignments/", assignments.listing, name="assignments"),
    path("secretariat/assignments/run/", assignments.run, name="assignments_run"),
    path("secretariat/assignments/entry/<int:pk>/", assignments.add, name="assignments_add"),
    path("secretariat/assignments/<int:pk>/recuse/", assignments.recuse, name="assignments_recuse"),
]
