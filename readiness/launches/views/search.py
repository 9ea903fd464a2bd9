"""Everything that has certain words, of what a person may see."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.launches.queries import search as queries
from readiness.launches.queries.search import Kind
from readiness.web.words import asked


@require_safe
def search(request: Asked) -> HttpResponse:
    """A few of each kind, or all of one; an unknown kind counts as not asked for."""
    words, kind = asked(request.GET.get("q", "")), request.GET.get("kind", "")
    chosen = Kind(kind) if kind in [*Kind] else None
    found = queries.search(request.user, words, chosen, clock.now())
    kinds = [("", "Everything", address(words, ""))]
    kinds += [(one.value, one.value.capitalize(), address(words, one.value)) for one in Kind]
    context = {"nav": "search", "search": found, "chosen": chosen or "", "kinds": kinds}
    return render(request, "launches/search.html", context)


def address(words: str, kind: str) -> str:
    """The search for these words among things of a kind."""
    return "?" + urlencode({name: value for name, value in (("q", words), ("kind", kind)) if value})
