#!/usr/bin/env bash
# Runs once, when PostgreSQL makes its files: the owner migrates, the application only works
# with what is there. Neither is a superuser.
set -euo pipefail

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$READINESS_OWNER_PASSWORD" \
    --set app_password="$READINESS_APP_PASSWORD" <<'SQL'
CREATE ROLE readiness_owner LOGIN NOSUPERUSER PASSWORD :'owner_password';
CREATE ROLE readiness_app LOGIN NOSUPERUSER PASSWORD :'app_password';
CREATE DATABASE readiness OWNER readiness_owner;
SQL
