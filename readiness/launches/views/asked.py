"""The request that a view of launches gets."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from readiness.accounts.models import User


class Asked(HttpRequest):
    """A request of a signed-in person, as the middleware leaves it; a type, never made."""

    user: User
    htmx: HtmxDetails
