"""Light, dark, or what the system says."""

import pytest

from tests import make


def test_a_visitor_chooses_for_their_device(visitor):
    response = visitor.post("/theme/", {"theme": "dark", "next": "/echoes/"})

    assert (response.status_code, response["Location"]) == (302, "/echoes/")
    assert visitor.cookies["theme"].value == "dark"
    assert visitor.cookies["theme"]["httponly"]


@pytest.mark.django_db
def test_a_person_chooses_for_themselves(visitor):
    ann = make.user("Ann Ash")
    visitor.force_login(ann)

    visitor.post("/theme/", {"theme": "light"})

    ann.refresh_from_db()
    assert ann.theme == "light"


@pytest.mark.parametrize("theme", ["", "blue", "dark'><script>"])
def test_no_other_theme_can_be_chosen(visitor, theme):
    response = visitor.post("/theme/", {"theme": theme})

    assert response.status_code == 400


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example", "\\\\x"])
def test_choosing_leads_nowhere_else(visitor, after):
    response = visitor.post("/theme/", {"theme": "dark", "next": after})

    assert response["Location"] == "/"


def test_a_page_opened_by_address_changes_nothing(visitor):
    response = visitor.get("/theme/?theme=dark")

    assert response.status_code == 405
    assert "theme" not in visitor.cookies
