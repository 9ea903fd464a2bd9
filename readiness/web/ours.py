"""Addresses that browsers send along: only those of our own pages are followed."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def ours(request: HttpRequest, address: str) -> str:
    """The address without its host; "" when it is not ours, or when nobody can read it."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return ""
    found = urlsplit(address)._replace(scheme="", netloc="")
    is_path = found.path.startswith("/") and not found.path.startswith("//")
    return found.geturl() if is_path else ""
