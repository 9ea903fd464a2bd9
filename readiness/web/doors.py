"""The doors that a view holds before a service: who may not learn of a thing, and who may not."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404

from readiness.web.refusal import NotPermitted, NotVisible


@contextmanager
def doors() -> Iterator[None]:
    """Tell a stranger that there is nothing, and who may not that they may not."""
    try:
        yield
    except (ObjectDoesNotExist, NotVisible):
        raise Http404 from None
    except NotPermitted:
        raise PermissionDenied from None
