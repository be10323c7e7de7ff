"""Addresses of one's own account. Those that replace allauth's keep its names."""

from __future__ import annotations

from django.urls import include, path

from competition.accounts import views

own = [
    path("account/", views.profile, name="profile"),
    path("account/sign-out-elsewhere/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/second-factor/", views.second_factor, name="second_factor"),
    path("session/", views.session, name="session"),
    path("session/again/", views.signed_in_again, name="signed_in_again"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]

urlpatterns = [
    path("accounts/login/", views.LoginView.as_view(), name="account_login"),
    path("accounts/signup/", views.SignupView.as_view(), name="account_signup"),
    path("accounts/login/code/", views.RequestCodeView.as_view(), name="account_request_login_code"),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        views.RemovePasskeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("accounts/", include("allauth.urls")),
    path("", include((own, "accounts"))),
]
