"""Figures for Prometheus, for those who hold the token."""

import os

import pytest
from prometheus_client import generate_latest

from readiness.web.metrics import REGISTRY


@pytest.fixture
def token(settings) -> str:
    settings.METRICS_TOKEN = "a token"
    return "Bearer a token"


def test_without_a_token_configured_there_is_no_such_page(visitor, settings):
    settings.METRICS_TOKEN = ""

    response = visitor.get("/metrics", headers={"Authorization": "Bearer "})

    assert response.status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer a toke", "Bearer é", "a token"])
def test_without_the_token_nothing_is_told(visitor, token, shown):
    response = visitor.get("/metrics", headers={"Authorization": shown})

    assert (response.status_code, response.content) == (401, b"")


def test_answers_are_counted_by_page(visitor, token):
    visitor.get("/echoes/")
    visitor.get("/things/7/")
    visitor.get("/nowhere/")

    response = visitor.get("/metrics", headers={"Authorization": token})

    figures = response.content.decode()
    assert 'readiness_requests_total{page="echoes",status="200",verb="GET"}' in figures
    assert 'readiness_requests_total{page="one",status="200",verb="GET"}' in figures
    assert 'readiness_requests_total{page="none",status="404",verb="GET"}' in figures
    assert 'readiness_request_seconds_count{page="echoes"}' in figures
    assert "nowhere" not in figures


def test_a_forked_process_counts_under_its_own_number():
    ear, voice = os.pipe()

    pid = os.fork()
    if not pid:
        os.write(voice, generate_latest(REGISTRY))
        os._exit(0)
    os.close(voice)
    with os.fdopen(ear) as said:
        told = said.read()
    os.waitpid(pid, 0)

    assert f'target_info{{process="{pid}"}} 1.0' in told
