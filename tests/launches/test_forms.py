"""Forms that say at once what they say, say what they would say once made."""

import pytest
from django.http import QueryDict

from readiness.launches.forms.items import SignOffForm


@pytest.mark.parametrize(
    "sent",
    [
        "v=1&key=a",
        "v=%2012%20&key=a&answer=checked&note=Seen+%0D%0A+it+",
        "v=1&v=2&key=a&key=b&other=x",
        "",
        "v=1",
        "key=a",
        "v=&key=a",
        "v=x&key=a",
        "v=-1&key=a",
        "v=2147483648&key=a",
        "v=1.0&key=a",
        f"v=1&key={'a' * 81}",
        f"v=1&key=a&answer={'a' * 65}",
        f"v=1&key=a&note={'a' * 2001}",
        "v=1&key=a&note=%00",
    ],
)
def test_a_sign_off_says_at_once_what_its_form_says(sent):
    form = SignOffForm(QueryDict(sent))

    assert SignOffForm.at_once(QueryDict(sent)) == (form.said if form.is_valid() else None)
