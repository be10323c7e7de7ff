"""Addresses: verification."""

from django.urls import URLPattern, path

from judging.views import verification

pages: list[URLPattern] = [
    path("verification/<int:pk>/", verification.team, name="verification_team"),
    path("verification/<int:pk>/apply/", verification.apply, name="verification_apply"),
    path("verifications/", verification.listing, name="verification_list"),
    path("verifications/<int:pk>/", verification.case, name="verification_case"),
    path("verifications/<int:pk>/file/<uuid:key>/", verification.file, name="verification_file"),
    path("verifications/<int:pk>/schedule/", verification.schedule, name="verification_schedule"),
    path("verifications/<int:pk>/answer/", verification.answer, name="verification_answer"),
    path("verifications/<int:pk>/record/", verification.record, name="verification_record"),
    path("expert/verifications/", verification.mine, name="verification_mine"),
    path("expert/verifications/<int:pk>/", verification.assigned, name="verification_assigned"),
    path(
        "expert/verifications/<int:pk>/record/",
        verification.record_assigned,
        name="verification_record_assigned",
    ),
]
