"""Addresses: certificates."""

from django.urls import URLPattern, path

from awards.views import certificates

pages: list[URLPattern] = [
    path("verify/", certificates.look_up, name="certificates_look_up"),
    path("verify/<slug:token>/", certificates.verify, name="certificates_verify"),
    path("certificates/<str:number>.pdf", certificates.download, name="certificates_file"),
    path("secretariat/certificates/", certificates.listing, name="certificates_list"),
    path("secretariat/certificates/<int:pk>/remake/", certificates.remake, name="certificates_remake"),
]
