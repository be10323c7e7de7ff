"""Addresses: payouts."""

from django.urls import URLPattern, path

from awards.views import payouts

pages: list[URLPattern] = [
    path("committee/payout-place/", payouts.place, name="payouts_place"),
    path("payouts/", payouts.listing, name="payouts_list"),
    path("payouts/<int:pk>/", payouts.one, name="payouts_one"),
    path("payouts/<int:pk>/slip/", payouts.slip, name="payouts_slip"),
    path("payouts/<int:pk>/hand-over/", payouts.hand_over, name="payouts_hand_over"),
    path("payouts/<int:pk>/confirm/", payouts.confirm, name="payouts_confirm"),
    path("payouts/<int:pk>/send-back/", payouts.send_back, name="payouts_send_back"),
    path("payouts/<int:pk>/reclaim/", payouts.reclaim, name="payouts_reclaim"),
]
