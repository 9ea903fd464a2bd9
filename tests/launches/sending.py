"""Sending a change of an item as its row does, or as a plain form does."""

from tests import make
from tests.launches import given

HTMX = {"HX-Request": "true"}


def send(client, item, act, htmx=True, v=None, key="", **said):
    version = given.version_of(item) if v is None else v
    fields = {"v": version, "key": key or make.key(), **said}
    headers = HTMX if htmx else {}
    return client.post(f"/items/{item.pk}/{act}/", fields, headers=headers)
