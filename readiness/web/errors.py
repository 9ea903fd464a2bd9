"""Pages for what went wrong. They ask neither the database nor the session, which may be down."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from readiness.web.context import theme_of_device

TEMPLATES = {403: "403.html", 404: "404.html", 409: "409.html", 500: "500.html"}
WORDS = {
    400: ("This request cannot be read", "Something in it is malformed. Nothing was changed."),
    405: ("This address does not do that", "Nothing was changed."),
    413: ("This is too large", "One request may carry 1 MB. Nothing was saved."),
    415: ("This text cannot be read", "Readiness reads UTF-8 only. Nothing was saved."),
}


def error_page(request: HttpRequest, status: int, **words: str) -> HttpResponse:
    """The page for a status; `words` fill in what its template leaves open."""
    title, sentence = WORDS.get(status, ("", ""))
    context = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "request_id": getattr(request, "id", ""),
        "theme": theme_of_device(request),
        "again": request.get_full_path() if request.method == "GET" else "/",
        **words,
    }
    page = render_to_string(TEMPLATES.get(status, "web/error.html"), context)
    return HttpResponse(page, status=status)
