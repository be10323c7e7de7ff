"""Addresses: reports, cases, the committee's rulings."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from awards.views import cases, committee, reports


class ReportNumberConverter(StringConverter):
    """``JB20250829-000000``, so that other pages of the committee have room beside the reports."""

    regex = r"JB\d{8}-\d{6}"


register_converter(ReportNumberConverter, "report_number")

pages: list[URLPattern] = [
    path("publicity/<int:number>/report/", reports.new, name="report_new"),
    path("reports/<slug:token>/", reports.own, name="report_own"),
    path("cases/", cases.listing, name="reports_cases"),
    path("cases/<report_number:number>/", cases.case, name="reports_case"),
    path("cases/<report_number:number>/accept/", cases.accept, name="reports_accept"),
    path("cases/<report_number:number>/refuse/", cases.refuse, name="reports_refuse"),
    path("cases/<report_number:number>/findings/", cases.findings, name="reports_findings"),
    path("cases/<report_number:number>/reporter/", cases.reveal, name="reports_reveal"),
    path("cases/evidence/<uuid:key>/", cases.evidence, name="reports_evidence"),
    path("committee/", committee.listing, name="reports_committee"),
    path("committee/<report_number:number>/", committee.case, name="reports_ruling"),
    path("committee/<report_number:number>/propose/", committee.propose, name="reports_propose"),
    path("committee/<report_number:number>/confirm/", committee.confirm, name="reports_confirm"),
    path("committee/<report_number:number>/send-back/", committee.send_back, name="reports_send_back"),
]
