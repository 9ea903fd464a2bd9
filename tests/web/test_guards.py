"""Bad input gets a clear answer, never a 5xx."""

from io import BytesIO

import pytest

FORM = "application/x-www-form-urlencoded"
MEGABYTE = 1_048_576


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "x", "utf8", "é", "''"])
@pytest.mark.parametrize("verb", ["get", "post"])
def test_text_that_is_not_utf8_is_refused(visitor, charset, verb):
    content_type = f"{FORM}; charset={charset}"

    response = visitor.generic(verb.upper(), "/echoes/?q=%2B", b"note=+AH8", content_type)

    assert response.status_code == 415


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf8_is_read_whatever_it_is_called(visitor, charset):
    body = b"note=%F0%9F%9A%80 ok"

    response = visitor.post("/echoes/", body, content_type=f"{FORM}; charset={charset}")

    assert (response.status_code, response.content.decode()) == (200, "🚀 ok")


@pytest.mark.parametrize("path", ["/echoes/?q=a%00b", "/ec%00hoes/", "/things/1%00/"])
def test_nul_in_an_address_is_refused(visitor, path):
    response = visitor.get(path)

    assert response.status_code == 400


@pytest.mark.parametrize("body", [b"note=a%00b", b"note=a\x00b"])
def test_nul_in_a_form_is_refused(visitor, body):
    response = visitor.post("/echoes/", body, content_type=FORM)

    assert response.status_code == 400


def test_nul_in_a_form_of_several_parts_is_refused(visitor):
    response = visitor.post("/echoes/", {"note": "a\x00b"})

    assert response.status_code == 400


@pytest.mark.parametrize("name", ["readiness-session", "theme", "readiness-csrf"])
def test_nul_in_a_cookie_is_refused(visitor, name):
    response = visitor.get("/closed/", headers={"cookie": rf'{name}="abcdefgh\000ijklmnop"'})

    assert response.status_code == 400


def test_ten_megabytes_are_too_large(visitor):
    response = visitor.post("/echoes/", b"note=" + b"a" * 10 * MEGABYTE, content_type=FORM)

    assert response.status_code == 413


def test_a_megabyte_is_not_too_large(visitor):
    body = b"note=" + b"a" * (MEGABYTE - 5)

    response = visitor.post("/echoes/", body, content_type=FORM)

    assert (response.status_code, len(response.content)) == (200, MEGABYTE - 5)


@pytest.mark.parametrize(
    ("size", "answer"), [(5, (200, b"aaaaa")), (10 * MEGABYTE, (413, None)), (0, (200, b""))]
)
def test_a_body_of_unknown_length_is_read_as_far_as_allowed(visitor, size, answer):
    stream = BytesIO(b"note=" + b"a" * size)

    response = visitor.generic(
        "POST",
        "/echoes/",
        content_type=FORM,
        **{
            "wsgi.input": stream,
            "CONTENT_LENGTH": "",
            "CONTENT_TYPE": FORM,
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )

    status, content = answer
    assert response.status_code == status
    assert content in (None, response.content)
    assert stream.tell() <= MEGABYTE + 1


@pytest.mark.parametrize("length", ["-1", "ten", "1" * 40, "²"])
def test_a_length_that_is_no_length_is_refused(visitor, length):
    response = visitor.generic(
        "POST", "/echoes/", b"note=a", FORM, CONTENT_LENGTH=length, CONTENT_TYPE=FORM
    )

    assert response.status_code in {400, 413}


@pytest.mark.parametrize("verb", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND"])
def test_a_verb_that_no_page_answers_is_refused(visitor, verb):
    response = visitor.generic(verb, "/echoes/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize(
    ("pk", "status"),
    [(1, 200), (2**63 - 1, 200), (2**63, 404), ("9" * 500, 404), (0, 404), ("-1", 404), ("٣", 404)],
)
def test_an_id_that_no_row_can_have_is_not_here(visitor, pk, status):
    response = visitor.get(f"/things/{pk}/")

    assert response.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"note=%ff%fe",
        b"note=%ED%A0%80",
        "note=עברית \u202e🚀".encode(),
        b"&".join(b"a%d=1" % n for n in range(600)),
        b"=&=&%&%%%=%",
    ],
)
def test_a_strange_form_is_answered(visitor, body):
    response = visitor.post("/echoes/", body, content_type=FORM)

    assert response.status_code in {200, 400}


def test_a_form_of_broken_parts_is_answered(visitor):
    response = visitor.post("/echoes/", b"--x", content_type="multipart/form-data; boundary=\x80")

    assert response.status_code == 400
