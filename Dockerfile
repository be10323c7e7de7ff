# Debian 12 and Python 3.12. Two stages: what is needed to build does not reach the image.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements/base.lock requirements/node.lock requirements/
RUN /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/base.lock \
    && python -m venv /node \
    && /node/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/node.lock
COPY static/vendor/package.json static/vendor/package-lock.json static/vendor/.npmrc static/vendor/
RUN cd static/vendor && PATH="/node/bin:$PATH" npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
# No key and no server is needed to collect files; DATABASE_URL only says that this is production.
RUN DATABASE_URL=postgres://build@localhost/build STATIC_ROOT=/app/staticfiles \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 --skip-checks \
    && rm -rf static/vendor/node_modules

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 700 /data /data/media /data/run
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH="/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LANG=C.UTF-8 \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/data/media \
    RUN_DIR=/data/run \
    WEB_BIND=0.0.0.0:8000
USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s \
    CMD ["python", "-m", "competition.config.deploy.healthcheck", "web"]
CMD ["gunicorn", "--config", "python:competition.config.deploy.gunicorn", "competition.config.wsgi"]
