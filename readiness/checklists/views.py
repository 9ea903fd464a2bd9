"""The pages of checklists: the catalogue, and one version to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness.checklists import queries


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    context = {"nav": "checklists", "rows": queries.catalogue()}
    return render(request, "checklists/list.html", context)


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    context = {"nav": "checklists", "page": queries.version_in_words(pk)}
    return render(request, "checklists/version.html", context)
