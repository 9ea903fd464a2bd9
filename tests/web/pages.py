"""Pages that go wrong on purpose, for the tests of what answers then."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from readiness.accounts.pages import PAGES
from readiness.accounts.permissions import Action
from readiness.web.refusal import refuse_if

NAMES = ("fails", "refuses", "denies", "echoes", "one", "closed")


@login_not_required
def fails(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@login_not_required
def refuses(request: HttpRequest) -> HttpResponse:
    refuse_if("")
    refuse_if("You signed this <b>off</b> already.")
    return HttpResponse("not refused")


@login_not_required
def denies(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def echoes(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("note", "nothing"))


@login_not_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(str(pk))


def closed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


urlpatterns = [
    path("fails/", fails, name="fails"),
    path("refuses/", refuses, name="refuses"),
    path("denies/", denies, name="denies"),
    path("echoes/", echoes, name="echoes"),
    path("things/<id:pk>/", one, name="one"),
    path("closed/", closed, name="closed"),
    path("", include("readiness.urls")),
]

handler400 = "readiness.web.views.bad_request"
handler403 = "readiness.web.views.permission_denied"
handler404 = "readiness.web.views.page_not_found"
handler500 = "readiness.web.views.server_error"


def permit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give these pages their rows in the permission table."""
    for name in NAMES:
        monkeypatch.setitem(PAGES, name, {"GET": Action.PUBLIC, "POST": Action.PUBLIC})
