# One image for web, worker, beat and the one-shot migration. With REQUIREMENTS=requirements-flower.txt it is the
# image of the flower service.

FROM python:3.13.7-slim AS build
RUN python -m venv /venv
COPY requirements*.txt /tmp/
ARG REQUIREMENTS=requirements.txt
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /tmp/$REQUIREMENTS

FROM python:3.13.7-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=mediaassets.settings \
    COLLECTED_STATIC=true \
    DATA_DIR=/data \
    PROMETHEUS_MULTIPROC_DIR=/data/metrics
RUN useradd --system --uid 10001 --home-dir /data --create-home media
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py ./
COPY mediaassets mediaassets
COPY universes universes
COPY agents agents
COPY studio studio
COPY templates templates
COPY static static
# Hashed and compressed at build time, so that every container serves the same files.
RUN python manage.py collectstatic --noinput
USER media
# The web processes of a container share their counts of requests there.
RUN mkdir /data/metrics
EXPOSE 8000
# For the web process; docker-compose.yml defines the checks of the other processes.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "mediaassets.asgi:application", "--interface", "asgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--respawn-failed-workers", "--respawn-interval", "20", "--http1-header-read-timeout", "10000", "--workers-kill-timeout", "30"]
