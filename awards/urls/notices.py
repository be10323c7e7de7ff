"""Addresses: notices; the public ones need no account (R90)."""

from django.urls import URLPattern, path

from awards.views import notices, publicity

pages: list[URLPattern] = [
    path("publicity/", publicity.listing, name="notices_public_list"),
    path("publicity/<int:number>/", publicity.notice, name="notices_public"),
    path("publicity/<int:number>/list.json", publicity.data, name="notices_data"),
    path("secretariat/publicity/", notices.listing, name="notices_list"),
    path("secretariat/publicity/propose/", notices.propose, name="notices_propose"),
    path("secretariat/publicity/calendar/", notices.calendar, name="notices_calendar"),
    path("secretariat/publicity/calendar/enter/", notices.enter_day, name="notices_enter_day"),
    path("secretariat/publicity/<int:number>/", notices.case, name="notices_case"),
    path("secretariat/publicity/<int:number>/publish/", notices.publish, name="notices_publish"),
    path("secretariat/publicity/<int:number>/lengthen/", notices.lengthen, name="notices_lengthen"),
    path("secretariat/publicity/<int:number>/withdraw/", notices.withdraw, name="notices_withdraw"),
]
