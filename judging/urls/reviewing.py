"""Addresses: reviewing."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from judging.views import progress, reviewing, sheets


class CodeConverter(StringConverter):
    """A review code; lower-case words of other addresses are none."""

    regex = "[A-Z2-9]{6,8}"


register_converter(CodeConverter, "review_code")

pages: list[URLPattern] = [
    path("expert/", reviewing.listing, name="reviewing_list"),
    path("expert/<review_code:code>/", reviewing.sheet, name="reviewing_sheet"),
    path("expert/<review_code:code>/page/<int:number>.png", reviewing.page, name="reviewing_page"),
    path("expert/final/<int:pk>/file/<uuid:key>/", reviewing.file, name="reviewing_file"),
    path("expert/<review_code:code>/confirm/", sheets.confirm, name="reviewing_confirm"),
    path("expert/<review_code:code>/submit/", sheets.submit, name="reviewing_submit"),
    path("expert/<review_code:code>/receipt/", sheets.receipt, name="reviewing_receipt"),
    path("expert/<review_code:code>/correct/", sheets.correct, name="reviewing_correct"),
    path("expert/<review_code:code>/recuse/", sheets.recuse, name="reviewing_recuse"),
    path("secretariat/scoring/", progress.overview, name="reviewing_progress"),
    path("secretariat/scoring/<int:pk>/remind/", progress.remind, name="reviewing_remind"),
    path("secretariat/sheets/<str:number>.pdf", progress.sheet_pdf, name="reviewing_sheet_pdf"),
]
