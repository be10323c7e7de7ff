"""Addresses of the registration."""

from __future__ import annotations

from django.urls import include, path, register_converter

from registration import views
from registration.steps import Step


class StepConverter:
    regex = "|".join(Step)

    def to_python(self, value: str) -> Step:
        return Step(value)

    def to_url(self, value: str) -> str:
        return value


register_converter(StepConverter, "step")

app_name = "registration"

#: Pages of the office about one edition: the current one at the root, every one under /e/<slug>/.
desk = [
    path("secretariat/corrections/", views.correction_queue, name="correction_queue"),
    path("secretariat/corrections/<int:pk>/", views.correction, name="correction"),
    path("secretariat/corrections/<int:pk>/grant/", views.grant_correction, name="correction_grant"),
    path("secretariat/corrections/<int:pk>/refuse/", views.refuse_correction, name="correction_refuse"),
    path("secretariat/corrections/<int:pk>/unmask/", views.unmask_correction, name="correction_unmask"),
]

urlpatterns = [
    path("", include(desk)),
    path("e/<slug:edition_slug>/", include(desk)),
    path("team/", views.teams, name="teams"),
    path("team/new/", views.start, name="start"),
    path("team/known-unit/", views.known_unit, name="known_unit"),
    path("team/<int:pk>/", views.team, name="team"),
    path("team/<int:pk>/edit/<step:step>/", views.step, name="step"),
    path("team/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("team/<int:pk>/corrections/", views.corrections, name="corrections"),
    path("team/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("team/unit/<int:pk>/remove/", views.remove_unit, name="remove_unit"),
    path("team/person/<int:pk>/remove/", views.remove_representative, name="remove_representative"),
    path("team/person/<int:pk>/reopen/", views.reopen_representative, name="reopen_representative"),
    path("team/unit/<int:pk>/proofs/<slug:slot>/", views.upload_proof, name="upload_proof"),
    path("team/unit/<int:pk>/proofs/<slug:slot>/skip/", views.not_applicable, name="not_applicable"),
    path("team/proof/<int:pk>/", views.proof, name="proof"),
    path("team/proof/<int:pk>/remove/", views.remove_proof, name="remove_proof"),
    path("team/unit/<int:pk>/consent/", views.unit_consent, name="unit_consent"),
    path("team/unit/<int:pk>/statement/", views.statement, name="statement"),
    path("statement/<slug:code>/", views.statement_state, name="statement_state"),
    path("join/<slug:token>/", views.join, name="join"),
    path("confirm/<slug:token>/", views.confirm, name="confirm"),
    path("confirm/<slug:token>/resend/", views.resend, name="resend"),
]
