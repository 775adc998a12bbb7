# syntax=docker/dockerfile:1

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/gooya
WORKDIR /src
# The locked dependencies first: this layer changes only when the lock does.
COPY requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/gooya/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY backend_adapter ./backend_adapter
COPY bots ./bots
COPY dialogs ./dialogs
COPY gooya ./gooya
COPY ivr ./ivr
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/gooya/bin/pip install --no-deps . \
    && /opt/gooya/bin/python -m compileall -q /opt/gooya/lib

FROM python:3.11-slim-bookworm
ENV PATH=/opt/gooya/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GOOYA_HTTP=0.0.0.0:8080
# What speaks the prompts that no studio has recorded.
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng \
    && rm -rf /var/lib/apt/lists/*
# A fixed number, so that volumes keep their owner over rebuilds.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin gooya \
    && install -d -o gooya -g gooya /var/lib/gooya /var/lib/gooya/prompts /var/lib/gooya/var
COPY --from=build /opt/gooya /opt/gooya
USER gooya
WORKDIR /var/lib/gooya
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["gooya", "serve"]
