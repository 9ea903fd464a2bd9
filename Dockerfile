# One image for web, worker, beat and migrations; docker-compose.yml says which is which.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2
WORKDIR /app

COPY requirements/embedded.txt requirements/embedded.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/embedded.txt

COPY manage.py manage.py
COPY readiness readiness
COPY templates templates
COPY static static

# The folder comes first: where it stands, static files get their manifest and are compressed.
RUN mkdir -p build/static && python manage.py collectstatic --no-input --verbosity 0

RUN useradd --system --uid 1000 --no-create-home readiness
USER readiness
EXPOSE 8000
CMD ["python", "-m", "readiness.serve", "--host", "0.0.0.0", "--port", "8000", "--processes", "2"]
