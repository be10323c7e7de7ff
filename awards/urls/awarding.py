"""Addresses: awarding."""

from django.urls import URLPattern, path

from awards.views import awarding

pages: list[URLPattern] = [
    path("secretariat/awards/", awarding.listing, name="awarding_list"),
    path("secretariat/awards/propose/", awarding.propose, name="awarding_propose"),
    path("secretariat/awards/unit/", awarding.add_unit, name="awarding_unit"),
    path("secretariat/awards/<int:pk>/", awarding.case, name="awarding_case"),
    path("secretariat/awards/<int:pk>/revoke/", awarding.revoke, name="awarding_revoke"),
    path("secretariat/awards/<int:pk>/confirm/", awarding.confirm, name="awarding_confirm"),
    path("secretariat/awards/<int:pk>/refuse/", awarding.refuse, name="awarding_refuse"),
]
