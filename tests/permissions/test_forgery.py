"""No other site makes a person's browser do anything: each POST shows the token of our page."""

from django.http import HttpResponse

from readiness.accounts.management.commands.permissions import addresses
from readiness.accounts.models import Role
from readiness.accounts.pages import PAGES
from tests.permissions.stage import SIGNED_OUT, Door
from tests.stage import headers_for

ADDRESSES = addresses()
POSTED = [name for name, acts in PAGES.items() if "POST" in acts]
WITHOUT_COOKIES = {"notifications:unsubscribe"}  # the signed address alone allows it (RFC 8058)
FORGED, TAKEN = "taken for a forgery", "taken"


def outcome(answer: HttpResponse) -> str:
    is_forgery = answer.status_code == 403 and b"This page was open too long" in answer.content
    return FORGED if is_forgery else TAKEN


def test_every_post_without_a_token_is_refused_and_with_one_is_not(stage):
    doors = [Door(stage.doors[who].session, is_strict=True) for who in (Role.LEAD, SIGNED_OUT)]

    found = {
        name: [
            (outcome(door.post(path)), outcome(door.post(path, headers=headers_for(door.session))))
            for door in doors
        ]
        for name, path in ((name, stage.path(ADDRESSES[name])) for name in POSTED)
    }

    assert found == {
        name: [(TAKEN if name in WITHOUT_COOKIES else FORGED, TAKEN)] * 2 for name in POSTED
    }
