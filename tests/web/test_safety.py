"""Start refuses what would lose or leak."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as ours
from django.db import connection

from readiness.web import safety

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_settings_for_one_machine_are_safe_there(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

    assert safety.faults_of_settings() == []


def test_debug_and_the_development_secret_are_refused_under_a_public_name(settings):
    settings.BASE_URL, settings.DEBUG = "https://readiness.example", True
    settings.SECRET_KEY = settings.UNSAFE_SECRET_KEY

    assert safety.faults_of_settings() == [
        "READINESS_DEBUG is on while the product is served to others.",
        "READINESS_SECRET_KEY is the one for development: set a secret of your own.",
    ]


def test_a_limit_of_mails_below_none_is_refused_also_on_one_machine(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    settings.MAILS_PER_MINUTE_AND_DOMAIN = -1

    faults = " ".join(safety.faults_of_settings())

    assert faults == (
        "READINESS_SMTP_PER_MINUTE_AND_DOMAIN is below 0: "
        "give a number of mails, or 0 for no limit."
    )


def test_a_host_list_alone_makes_the_product_public(settings):
    settings.ALLOWED_HOSTS, settings.SECRET_KEY = ["ready.example"], settings.UNSAFE_SECRET_KEY

    assert safety.faults_of_settings() == [
        "READINESS_SECRET_KEY is the one for development: set a secret of your own."
    ]


def test_a_database_that_may_forget_is_refused(settings):
    settings.THROWAWAY_DATABASE = False
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")

    faults = safety.faults_of_database()

    assert "PostgreSQL runs with synchronous_commit off: it may forget what it confirmed." in faults


def test_a_role_that_owns_the_tables_is_refused(settings):
    settings.THROWAWAY_DATABASE = True

    assert safety.faults_of_database("default") == []
    assert len(safety.faults_of_database("owner")) == 1


def test_under_https_cookies_are_for_this_host_alone_and_scripts_do_not_see_the_session():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS"]  # fmt: skip
    program = f"from django.conf import settings; print(*(getattr(settings, n) for n in {names}))"
    environment = {"READINESS_BASE_URL": "https://readiness.example"}
    environment |= {"DJANGO_SETTINGS_MODULE": "readiness.settings"}

    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment}, cwd=ours.ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip

    assert said.stdout.split() == [
        "__Host-session", "__Host-csrf", "True", "True", "True", "31536000"
    ]  # fmt: skip
