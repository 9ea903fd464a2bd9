"""An address sent along is followed only when it is one of our own pages."""

import pytest
from django.test import RequestFactory

from readiness.web.ours import ours


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("/launches/7/?a=b#item-3", "/launches/7/?a=b#item-3"),
        ("http://testserver/mine/", "/mine/"),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("http://testserver//elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("launches:mine", ""),
        ("9223372036854775808", ""),
        ("", ""),
    ],
)
def test_only_paths_of_our_own_are_followed(address, followed):
    request = RequestFactory().get("/")

    assert ours(request, address) == followed
