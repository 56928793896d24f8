# One image for web, worker, beat and the one-off migration; see docker-compose.yml.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 STATIC_ROOT=/app/collected

RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin configurator
WORKDIR /app

COPY requirements/run.txt requirements/run.txt
RUN pip install --no-deps --require-hashes -r requirements/run.txt

COPY manage.py ./
COPY configurator configurator
COPY mailsettings mailsettings
COPY queues queues
COPY imports imports
COPY tokenchecks tokenchecks
COPY health health
COPY dashboard dashboard
COPY support support
COPY templates templates
COPY static static

# The settings want keys before they tell where the static files are; the image keeps none.
RUN SECRET_KEY=build-only VAULT_KEYS=build:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    python manage.py collectstatic --no-input --verbosity 0

USER configurator
EXPOSE 8000
CMD ["gunicorn", "--config", "python:configurator.local.web", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]
