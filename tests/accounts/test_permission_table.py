"""The table at the door: a page without a row answers nobody, a verb without a cell is refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from readiness.accounts.pages import PAGES
from tests import make

pytestmark = pytest.mark.django_db


def names_of(resolver, space=""):
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names_of(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}"


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(names_of(get_resolver())) == sorted(PAGES)


def test_a_page_without_a_row_fails_for_everyone(client, monkeypatch):
    monkeypatch.delitem(PAGES, "accounts:preferences")
    client.force_login(make.user(is_site_admin=True))

    with pytest.raises(ImproperlyConfigured, match="'accounts:preferences' has no row"):
        client.get("/me/")


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("post", "/checklists/", "GET"),
        ("get", "/me/keys/", "POST"),
        ("options", "/me/", "GET, POST"),
        ("post", "/launches/1/", "GET"),
        ("get", "/items/1/sign-off/", "POST"),
    ],
)
def test_a_verb_without_a_cell_is_refused(client, verb, path, allowed):
    client.force_login(make.user())

    response = getattr(client, verb)(path)

    assert (response.status_code, response["Allow"]) == (405, allowed)


def test_head_is_asked_like_get(client):
    client.force_login(make.user())

    assert client.head("/me/").status_code == 200


@pytest.mark.parametrize(("is_admin", "status"), [(False, 403), (True, 200)])
def test_pages_of_administration_are_for_site_admins(client, is_admin, status):
    client.force_login(make.user(is_site_admin=is_admin))

    assert client.get("/outbox/").status_code == status
