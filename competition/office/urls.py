"""Addresses of the office pages; part of the competition's."""

from django.urls import path

from competition.office.views import exports, lists

pages = [
    path("secretariat/lists/", lists.overview, name="lists"),
    path("secretariat/lists/uploads/<uuid:key>/", lists.preview, name="list_preview"),
    path("secretariat/lists/uploads/<uuid:key>/confirm/", lists.confirm, name="list_confirm"),
    path("secretariat/lists/imports/<int:pk>/undo/", lists.undo, name="list_undo"),
    path("secretariat/lists/<slug:kind>/", lists.one, name="list"),
    path("secretariat/lists/<slug:kind>/template.xlsx", lists.template, name="list_template"),
    path("secretariat/lists/<slug:kind>/upload/", lists.upload, name="list_upload"),
    path("secretariat/lists/<slug:kind>/rows/", lists.rows, name="list_rows"),
    path("desk/exports/<str:table>.xlsx", exports.download, name="export"),
    path("desk/exports/<uuid:key>/", exports.prepared, name="prepared_export"),
    path("desk/exports/<uuid:key>/file/", exports.prepared_file, name="prepared_export_file"),
]
