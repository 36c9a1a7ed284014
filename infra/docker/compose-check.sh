#!/usr/bin/env bash
# make compose-check: docker-compose.yml by the compose specification's own parser, Dockerfiles by hadolint.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

parser=$(.venv/bin/python -m jade_common.tools which compose-spec)

# The parser reads the whole model: unknown keys, types, dependencies on services that are not there.
"$parser" docker-compose.yml >/dev/null
echo "docker-compose.yml: valid"
for file in infra/docker/*.Dockerfile; do
  .venv/bin/hadolint --failure-threshold info "$file"
  echo "$file: no remarks"
done
# Prometheus' own tool, where it is installed: Debian's package `prometheus` has it.
if command -v promtool >/dev/null; then
  promtool check config --lint-fatal infra/prometheus/prometheus.yml >/dev/null
  promtool test rules infra/prometheus/alerts.test.yml >/dev/null
  echo "infra/prometheus: valid, the alerts fire when they should"
else
  echo "infra/prometheus: not checked, promtool is not on PATH (apt-get install prometheus)"
fi
