"""Addresses: results."""

from django.urls import URLPattern, path

from judging.views import draws, lists, results

DESK = "secretariat/results/"

pages: list[URLPattern] = [
    path(DESK, results.home, name="results_home"),
    path(f"{DESK}propose/", results.propose, name="results_propose"),
    path(f"{DESK}seats/", results.seats, name="results_seats"),
    path(f"{DESK}track/<int:number>/", results.track, name="results_track"),
    path(f"{DESK}track/<int:number>/vote/", results.vote, name="results_vote"),
    path(f"{DESK}draw/<slug:kind>/", draws.publish, name="results_draw_publish"),
    path(f"{DESK}draw/<int:pk>/hold/", draws.hold, name="results_draw_hold"),
    path(f"{DESK}lists/", lists.home, name="results_lists"),
    path(f"{DESK}lists/<int:number>/replace/", lists.propose, name="results_replace"),
    path(f"{DESK}lists/replacement/<int:pk>/confirm/", lists.confirm, name="results_replace_confirm"),
    path(f"{DESK}lists/replacement/<int:pk>/refuse/", lists.refuse, name="results_replace_refuse"),
    path(f"{DESK}<int:pk>/", results.case, name="results_case"),
    path(f"{DESK}<int:pk>/confirm/", results.confirm, name="results_confirm"),
    path(f"{DESK}<int:pk>/refuse/", results.refuse, name="results_refuse"),
    path(f"{DESK}<int:pk>/snapshot.json", results.snapshot, name="results_snapshot"),
    path("results/seats/", results.public_seats, name="results_public_seats"),
    path("results/draw/<slug:kind>/", draws.public, name="results_public_draw"),
]
