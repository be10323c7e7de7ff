"""Liveness and readiness."""

from django.test import Client


def test_healthz_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_reports_database_and_redis(client: Client, db: None) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": True, "redis": True}
