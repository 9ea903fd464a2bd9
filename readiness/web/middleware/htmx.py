"""What htmx says of a request, asked of every request and by nearly every view."""

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails, HtmxMiddleware

from readiness.web.middleware.refusals import is_htmx


class Htmx(HtmxMiddleware):
    """Puts `request.htmx` on a request."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.htmx = Details(request)  # type: ignore[attr-defined]
        return self.get_response(request)  # type: ignore[return-value]


class Details(HtmxDetails):
    """The same as theirs, which puts all headers together to look at one."""

    def __bool__(self) -> bool:
        return is_htmx(self.request)
