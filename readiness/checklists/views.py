"""The pages of checklists: the catalogue, and one version to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from readiness.checklists import queries


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    context = {"nav": "checklists", "rows": queries.catalogue()}
    return render(request, "checklists/list.html", context)


@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    context = {"nav": "checklists", "page": queries.version_in_words(pk)}
    return render(request, "checklists/version.html", context)
