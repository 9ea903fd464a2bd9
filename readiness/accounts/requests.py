"""What a view is handed once the doors let a request through."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from readiness.accounts.models import User
from readiness.accounts.permissions import Action


class Asked(HttpRequest):
    """A request of a signed-in person; for annotations, middleware makes it so."""

    user: User
    htmx: HtmxDetails
    action: Action
