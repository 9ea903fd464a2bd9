"""Addresses are those of the street map."""

import pytest
from django.urls import reverse

from readiness.web.addresses import address


@pytest.mark.parametrize("page", ["launches:detail", "launches:item", "launches:sign-off"])
@pytest.mark.parametrize("pk", [1, 11, 2**31])
def test_a_page_is_where_the_street_map_says(page, pk):
    assert address(page, pk) == reverse(page, args=[pk])
