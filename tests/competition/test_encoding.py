"""What a request says about its encoding changes nothing: it is UTF-8."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["rot13", "idna", "unicode_escape", "utf-16", "no-such"])
def test_a_form_in_an_odd_encoding_is_read_as_utf8(client: Client, charset: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800\xe6\x9d\x8e\r\n--b--\r\n'
    kind = f"multipart/form-data; boundary=b; charset={charset}"

    response = client.generic("POST", "/accounts/login/", body, kind)

    assert response.status_code < 500
    assert response.wsgi_request.POST["login"] == "\\ud800李"
