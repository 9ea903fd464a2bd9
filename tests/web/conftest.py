"""A visitor that asks for pages made for these tests, and for those of the product."""

import pytest
from django.test import Client

from tests.web import pages


@pytest.fixture
def visitor(settings, monkeypatch) -> Client:
    settings.ROOT_URLCONF = "tests.web.pages"
    pages.permit(monkeypatch)
    return Client(raise_request_exception=False)
