"""Content types on which Django itself would fail."""

from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler

from readiness.web.door import door

pytestmark = pytest.mark.django_db
application = door(WSGIHandler())


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=rot13",
        "application/x-www-form-urlencoded; charset=idna",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=" + "a" * 10_000,
        "text/plain; name*=nothing'en'x",
        "text/plain; charset*=utf-8'en'rot13",
        "multipart/form-data; boundary=x; charset=hex",
    ],
)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_charset_that_django_fails_on_is_refused(content_type, verb):
    environ = {
        "REQUEST_METHOD": verb,
        "PATH_INFO": "/healthz",
        "QUERY_STRING": "q=%2B+AH8",
        "CONTENT_TYPE": content_type,
        "HTTP_HOST": "localhost",
    }
    setup_testing_defaults(environ)
    answers = []

    page = b"".join(application(environ, lambda status, headers: answers.append((status, headers))))

    status, headers = answers[0]
    assert status == "415 Unsupported Media Type"
    assert "Content-Security-Policy" in dict(headers)
    assert b"This text cannot be read" in page
