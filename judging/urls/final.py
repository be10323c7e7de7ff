"""Addresses: final."""

from django.urls import URLPattern, path

from judging.models import Draw
from judging.views import draws, final, screen

pages: list[URLPattern] = [
    path("final/", final.console, name="final_console"),
    path("final/prepare/", final.prepare, name="final_prepare"),
    path("final/publish/", final.publish, name="final_publish"),
    path("final/take-back/", final.take_back, name="final_take_back"),
    path("final/hold/", final.hold, name="final_hold"),
    path("final/presentation/<int:pk>/check-in/", final.check_in, name="final_check_in"),
    path("final/presentation/<int:pk>/begin/", final.begin, name="final_begin"),
    path("final/presentation/<int:pk>/end/", final.end, name="final_end"),
    path("final/vote/", final.vote, name="final_vote"),
    path("final/propose/", final.propose, name="final_propose"),
    path("final/lock/", final.lock, name="final_lock"),
    path("final/lock/<int:pk>/confirm/", final.confirm, name="final_confirm"),
    path("final/lock/<int:pk>/refuse/", final.refuse, name="final_refuse"),
    path("final/screen/", screen.page, name="final_screen"),
    path("final/screen.json", screen.data, name="final_screen_data"),
    path("final/draw/", draws.public, {"kind": Draw.Kind.PRESENTATION}, name="final_draw"),
]
