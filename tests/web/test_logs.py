"""Lines of the log name no secret: what lets somebody in stands in paths of pages."""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from readiness.web.logs import Lines

SECRETS = {"token", "code"}
SECRET = "eyJwIjo3fQ:1tXyZ_a-b:c0.ffee"


def patterns(
    resolver: URLResolver, names: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Every page of the product, with its full name."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, (*names, one.namespace) if one.namespace else names)
        elif one.name:
            yield ":".join((*names, one.name)), one


def line(message: str, *said: object) -> str:
    """What the console shows of something that is logged."""
    formatter = Lines(settings.LOGGING["formatters"]["lines"]["fmt"])
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, said, None)
    record.request_id = "r-1"
    return formatter.format(record)


def test_of_every_page_whose_path_names_a_secret_the_log_names_the_page_alone():
    asked = [
        reverse(name, args=[SECRET])
        for name, one in patterns(get_resolver())
        if SECRETS & {*one.pattern.converters}
    ]

    shown = [line("%s: %s", "Not Found", path) for path in asked]

    assert len(asked) == 7
    assert [one for one in shown if "ffee" in one or "eyJ" in one] == []
    assert any(one.endswith("Not Found: /calendar/…") for one in shown)


def test_other_paths_are_written_as_they_are():
    path = "/launches/42/items/7/?next=/a"

    assert line("%s: %s", "Not Found", path).endswith(f"Not Found: {path}")


def test_lines_of_the_console_are_written_so():
    handler = settings.LOGGING["handlers"]["console"]

    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert settings.LOGGING["formatters"][handler["formatter"]]["()"] == "readiness.web.logs.Lines"
