"""Error pages: Chinese, with the right status, and never a page of the framework's."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from competition.config.wsgi import application


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the house is on fire")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


broken.login_required = forbidden.login_required = suspicious.login_required = False  # type: ignore[attr-defined]

urlpatterns = [
    path("500/", broken),
    path("403/", forbidden),
    path("400/", suspicious),
    path("", include("competition.config.urls")),
]
handler400 = "competition.config.errors.bad_request"
handler403 = "competition.config.errors.permission_denied"
handler404 = "competition.config.errors.page_not_found"
handler500 = "competition.config.errors.server_error"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "请求有误，服务器没有处理。"),
        (403, "您没有权限访问此页面。"),
        (404, "没有找到此页面。"),
        (500, "服务器出错了，您已保存的内容不受影响。"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_error_page_speaks_chinese(status: int, sentence: str) -> None:
    client = Client(raise_request_exception=False)

    response = client.get(f"/{status}/")

    assert response.status_code == status
    assert sentence in response.content.decode()
    assert "on fire" not in response.content.decode()


@pytest.mark.django_db
def test_form_without_its_token_is_refused_in_chinese() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/login/", {"login": "x", "password": "y"})

    assert response.status_code == 403
    assert "请返回上一页，刷新后再" in response.content.decode()


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__, TEMPLATES=[])
def test_server_error_has_words_even_without_templates() -> None:
    client = Client(raise_request_exception=False)

    response = client.get("/500/")

    assert response.status_code == 500
    assert response.content.decode() == "服务器出错了，您已保存的内容不受影响。请稍后重试。"


@pytest.mark.parametrize("kind", ["x; a*=nosuch''%41", "multipart/form-data; boundary*=nosuch''x"])
def test_content_type_that_cannot_be_read_counts_as_none(kind: str) -> None:
    request = application.request_class(RequestFactory().post("/").environ | {"CONTENT_TYPE": kind})

    assert (request.content_type, dict(request.POST)) == ("", {})
