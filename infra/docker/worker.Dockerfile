# The image of every worker: docker build -f infra/docker/worker.Dockerfile --build-arg SERVICE=ranker --build-arg ENGINE=opa .
#
#   SERVICE    folder under services/
#   ENGINE     "opa" for a worker that evaluates policies, else "none"
#   BASE       an image with Python 3.11, pip and groupadd; a closed network names its own
#   OPA_IMAGE  an image with a static opa at /opa
#   PIP_INDEX_URL, UV_DEFAULT_INDEX   a mirror of PyPI; every download is held to the hashes in this repository
#
# It needs no BuildKit feature, so that an engine without buildx builds it too.
ARG BASE=python:3.11-slim
ARG OPA_IMAGE=openpolicyagent/opa:1.22.2-static
ARG ENGINE=none

FROM ${OPA_IMAGE} AS opa

# The workspace's manifests alone: the layers below change when a dependency does, not with every line of code.
FROM ${BASE} AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests && cp --parents pyproject.toml uv.lock libs/*/pyproject.toml services/*/pyproject.toml /manifests

FROM ${BASE} AS build
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
COPY infra/setup/uv.txt /tmp/uv.txt
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore --require-hashes -r /tmp/uv.txt
# Bytecode is compiled here: the root of a running worker is read-only.
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=/app
RUN uv venv --python python3.11 /app
WORKDIR /src
COPY --from=manifests /manifests ./
ARG SERVICE
# An export of the lock, not `uv sync`: it takes the same files, by hash, from whichever index is set.
RUN uv export --quiet --frozen --no-dev --no-emit-workspace --package "jade-${SERVICE}" --output-file /tmp/third-party.txt \
 && uv pip install --require-hashes -r /tmp/third-party.txt
COPY libs libs
COPY infra infra
COPY data data
COPY services/${SERVICE} services/${SERVICE}
RUN uv export --quiet --frozen --no-dev --no-editable --no-hashes --package "jade-${SERVICE}" --output-file /tmp/all.txt \
 && uv pip install --no-deps -r /tmp/all.txt

FROM ${BASE} AS worker-none
# A new named volume takes the owner of the folder that it is first mounted on: the compose service `volumes` mounts
# those of the servers here, so that none of them ever runs as root.
RUN groupadd --gid 10001 jade \
 && useradd --uid 10001 --gid jade --no-create-home --home-dir /tmp --shell /usr/sbin/nologin jade \
 && install -d -o jade -g jade /volumes/nats /volumes/mlflow /volumes/weaviate /volumes/models /volumes/gatekeeper-bridge
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 JADE_HTTP_HOST=0.0.0.0 JADE_HTTP_PORT=8080
# A jade.yaml mounted here is found.
WORKDIR /etc/jade
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/health/ready', timeout=4)"]
ENTRYPOINT ["python", "-m", "jade_common.worker"]

FROM worker-none AS worker-opa
COPY --from=opa /opa /usr/local/bin/opa
ENV JADE_OPA_BIN=/usr/local/bin/opa

# hadolint ignore=DL3006
FROM worker-${ENGINE} AS worker
