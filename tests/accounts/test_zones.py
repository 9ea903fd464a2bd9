"""The select of time zones: what Django would draw, at once."""

import pytest
from django import forms

from readiness.accounts.zones import ZoneField, ZoneSelect, zone_choices


@pytest.mark.parametrize("chosen", ["Europe/Berlin", "UTC", "America/New_York", "", None, "<x>&"])
def test_the_select_is_what_django_draws(chosen):
    plain = forms.Select(choices=zone_choices().items())
    attrs = {"id": "id_zone", "aria-invalid": "true", "autofocus": True}

    assert ZoneSelect().render("zone", chosen, attrs) == plain.render("zone", chosen, attrs)


def test_a_zone_is_one_of_the_list():
    field = ZoneField()

    assert field.clean("Asia/Tokyo") == "Asia/Tokyo"
    for odd in ("", None, "Europe/Atlantis", "../UTC"):
        with pytest.raises(forms.ValidationError):
            field.clean(odd)
