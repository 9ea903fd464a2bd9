"""A refusal reaches the person in words."""

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from readiness.web.middleware.htmx import Details

HTMX = {"HX-Request": "true"}


def test_htmx_gets_a_toast(visitor):
    response = visitor.post("/refuses/", headers=HTMX)

    assert response.status_code == 409
    assert response["HX-Retarget"] == "#toasts"
    assert response["HX-Reswap"] == "beforeend"
    assert "You signed this &lt;b&gt;off&lt;/b&gt; already." in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/launches/42/", "/launches/42/"),
        ("http://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_plain_request_gets_a_page_with_a_way_back(visitor, referer, back):
    response = visitor.post("/refuses/", headers={"Referer": referer})

    page = response.content.decode()
    assert response.status_code == 409
    assert "You signed this &lt;b&gt;off&lt;/b&gt; already." in page
    assert f'<a class="btn btn--primary btn--lg" href="{back}">Back</a>' in page


def test_an_error_that_is_no_refusal_stays_an_error(visitor):
    response = visitor.post("/fails/", headers=HTMX)

    assert response.status_code == 500


def test_a_part_of_a_page_is_never_the_sign_in_page(visitor):
    here = {"HX-Current-URL": "http://testserver/launches/42/?a=b"}

    response = visitor.get("/closed/", headers=HTMX | here)

    assert response.status_code == 401
    assert response["HX-Redirect"] == "/sign-in/?next=%2Flaunches%2F42%2F%3Fa%3Db"
    assert response.content == b""


def test_a_plain_request_is_led_to_the_sign_in_page(visitor):
    response = visitor.get("/closed/")

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/closed/")


def test_a_page_nobody_can_name_leads_to_signing_in_all_the_same(visitor):
    here = {"HX-Current-URL": "http://[::"}

    response = visitor.get("/closed/", headers=HTMX | here)

    assert (response.status_code, response["HX-Redirect"]) == (401, "/sign-in/?next=%2F")


@pytest.mark.parametrize("said", [{}, HTMX, {"HX-Request": "false"}, {"HX-Request": "1"}])
def test_a_request_is_of_htmx_where_their_own_middleware_says_so(said):
    request = RequestFactory().get("/", headers=said)

    assert bool(Details(request)) == bool(HtmxDetails(request))
