"""The floors: the least that the same work can cost, as a bare Django of its own.

No middleware, persistent connections, constant answers. Served by uvicorn and a2wsgi as they
come: what the product does to be served faster counts as its own.
"""

import os
from functools import cache

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.django import Template
from django.urls import path

from readiness.settings import ENVIRONMENT, database

TABLES = """
DROP TABLE IF EXISTS floor_item, floor_word;
CREATE TABLE floor_item (
    id bigint PRIMARY KEY, launch bigint NOT NULL, title text NOT NULL, done bool NOT NULL,
    credit int NOT NULL, weight int NOT NULL, until timestamptz, owner bigint, due date);
CREATE TABLE floor_word (id bigserial PRIMARY KEY, item bigint NOT NULL, at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS floor_launch (
    id bigint PRIMARY KEY, earned int NOT NULL, total int NOT NULL);
TRUNCATE floor_launch;
INSERT INTO floor_item
SELECT i.id, i.launch_id, i.key, s.id IS NOT NULL, (s.id IS NOT NULL)::int, 1, s.expires_at,
       i.owner_id, i.due_on
FROM launches_launchitem i
LEFT JOIN launches_signoff s ON s.item_id = i.id AND s.withdrawn_at IS NULL;
CREATE INDEX ON floor_item (launch);
CREATE INDEX ON floor_item (owner, due);
INSERT INTO floor_launch SELECT launch, 0, 0 FROM floor_item GROUP BY launch;
ANALYZE floor_item; ANALYZE floor_launch;
"""
JUDGE_ALL = """
UPDATE floor_launch l SET earned = found.earned, total = found.total
FROM (
    SELECT launch,
           sum(CASE WHEN until IS NULL OR until > now() THEN credit * weight ELSE 0 END)::int
               AS earned, sum(weight)::int AS total
    FROM floor_item GROUP BY launch
) found
WHERE l.id = found.launch AND (l.earned, l.total) IS DISTINCT FROM (found.earned, found.total)
"""
DUE_OWNERS = """
SELECT owner, count(*) FROM floor_item
WHERE NOT done AND due < current_date + 7 AND owner IS NOT NULL GROUP BY owner
"""
PAGE = """<!doctype html><title>{{ launch.0 }}</title><ul>{% for item in items %}
<li id="item-{{ item.0 }}"><a href="/items/{{ item.0 }}/">{{ item.1 }}</a>
{% if item.2 %}<b>Done</b>{% else %}<i>Open</i>{% endif %} <span>{{ item.3 }}</span></li>
{% endfor %}</ul>"""


def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """BEGIN, one UPDATE, one INSERT, COMMIT."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE floor_item SET done = NOT done WHERE id = %s", [pk])
        cursor.execute("INSERT INTO floor_word (item, at) VALUES (%s, now())", [pk])
    return HttpResponse("done")


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Two queries and a loop over the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, earned, total FROM floor_launch WHERE id = %s", [pk])
        launch = cursor.fetchone()
        cursor.execute(
            "SELECT id, title, done, due::text FROM floor_item WHERE launch = %s ORDER BY id", [pk]
        )
        items = cursor.fetchall()
    return HttpResponse(template().render({"launch": launch, "items": items}))


@cache
def template() -> Template:
    return engines["django"].from_string(PAGE)


urlpatterns = [path("tick/<int:pk>/", tick), path("page/<int:pk>/", page)]


def application() -> WSGIMiddleware:
    """The floors as one application, with settings of their own."""
    database_settings = database(os.environ["READINESS_OWNER_DATABASE_URL"])
    database_settings["CONN_MAX_AGE"] = None
    settings.configure(
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY=ENVIRONMENT.secret_key,
        ROOT_URLCONF="tests.bench.floors",
        MIDDLEWARE=[],
        DATABASES={"default": database_settings},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    django.setup()
    return WSGIMiddleware(get_wsgi_application(), workers=10)
