"""Addresses of the submissions."""

from __future__ import annotations

from django.urls import path

from submissions import views

app_name = "submissions"

urlpatterns = [
    path("entry/<int:pk>/", views.entry, name="entry"),
    path("entry/<int:pk>/form/<slug:key>/", views.section, name="section"),
    path("entry/<int:pk>/form/<slug:key>/<int:unit_id>/", views.section, name="unit_section"),
    path("entry/<int:pk>/check/", views.check, name="check"),
    path("entry/<int:pk>/submit/", views.submit_page, name="submit_page"),
    path("entry/<int:pk>/freeze/", views.freeze, name="freeze"),
    path("entry/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("entry/<int:pk>/draft.pdf", views.draft_pdf, name="draft_pdf"),
    path("entry/<int:pk>/archive.zip", views.entry_zip, name="entry_zip"),
    path("entry/<int:pk>/compare/", views.compare, name="compare"),
    path("entry/<int:pk>/versions/<int:number>/form.pdf", views.revision_pdf, name="revision_pdf"),
    path("entry/<int:pk>/versions/<int:number>/scan/", views.scan, name="scan"),
    path("entry/<int:pk>/versions/<int:number>/submit/", views.submit, name="submit"),
    path("entry/<int:pk>/uploads/", views.uploads_of_entry, name="uploads"),
    path("entry/upload/<uuid:key>/", views.upload, name="upload"),
    path("entry/<int:pk>/presence/", views.be_present, name="presence"),
    path("entry/<int:pk>/kept/", views.keep_text, name="keep_text"),
    path("entry/kept/<int:pk>/drop/", views.drop_text, name="drop_text"),
    path("entry/<int:pk>/blind/", views.blind, name="blind"),
    path("entry/file/<uuid:key>/", views.attachment, name="attachment"),
    path("entry/file/<uuid:key>/view/", views.viewed, name="viewed"),
    path("entry/file/<uuid:key>/view/<int:number>/", views.viewed_page, name="viewed_page"),
    path("entry/file/<uuid:key>/page/<int:number>.png", views.blind_page, name="blind_page"),
    path("entry/<int:pk>/supplements/<int:number>/", views.supplement, name="supplement"),
    path("desk/supplements/", views.supplements_open, name="supplements"),
    path("e/<slug:edition_slug>/desk/supplements/", views.supplements_open, name="supplements"),
    path("receipt/<slug:number>/", views.receipt, name="receipt"),
    path("receipt/<slug:number>/receipt.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("entry/<int:pk>/form.docx", views.entry_word, name="entry_word"),
    path("entry/<int:pk>/word/", views.word_import, name="word_import"),
    path("entry/<int:pk>/word/<slug:key>/", views.word_preview, name="word_preview"),
    path("downloads/form.docx", views.blank_word, name="blank_word"),
    path("e/<slug:edition_slug>/downloads/form.docx", views.blank_word, name="blank_word"),
    path("downloads/form.pdf", views.blank_form, name="blank_form"),
    path("e/<slug:edition_slug>/downloads/form.pdf", views.blank_form, name="blank_form"),
]
