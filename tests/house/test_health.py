"""Liveness and readiness, asked by address and without TLS."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings


def test_healthz_answers_without_a_database_and_for_any_host(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_reports_database_and_redis(client: Client, db: None) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": True, "redis": True}


@pytest.mark.django_db(transaction=True)
def test_readyz_fails_when_the_database_is_gone(client: Client) -> None:
    before = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"

    try:
        response = client.get("/readyz")
    finally:
        connection.settings_dict["PORT"] = before
        connection.close()

    assert response.status_code == 503
    assert response.json() == {"database": False, "redis": True}
