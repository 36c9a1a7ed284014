#!/usr/bin/env bash
# make e2e: builds the workers' images, runs bus, cache and workers from docker-compose.yml, and pushes findings through.
# Says why where it cannot, and ends with 0 then; JADE_REQUIRE_E2E=1 makes that an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

skip() {
  printf 'e2e: skipped: %s\ne2e: to do: %s\n' "$1" "$2" >&2
  [ -z "${JADE_REQUIRE_E2E:-}" ] || exit 1
  exit 0
}

command -v docker >/dev/null || skip "there is no docker command" "install Docker, or apt-get install docker.io"
if ! problem=$(docker version --format '{{.Server.Version}}' 2>&1); then
  skip "no Docker engine answers at ${DOCKER_HOST:-its usual socket}: ${problem##*$'\n'}" "start it, or set DOCKER_HOST"
fi
echo "e2e: engine $problem at ${DOCKER_HOST:-its usual socket}"

if docker compose version >/dev/null 2>&1; then
  compose="docker compose"
elif docker-compose version --short 2>/dev/null | grep -q '^v\?[2-9]'; then
  compose="docker-compose"
elif [ -x .tools/bin/docker-compose ]; then
  compose=".tools/bin/docker-compose"
else
  skip "there is no compose command, version 2 or newer" "install Docker's compose plugin, or sudo bash tests/e2e/offline.sh"
fi
echo "e2e: $($compose version)"

# What the build and the services start from must be here, or come from a registry.
images=$(.venv/bin/python - <<'PYTHON'
import re, yaml
from pathlib import Path

services = yaml.safe_load(Path("docker-compose.yml").read_text())["services"]
defaults = dict(re.findall(r"^ARG (BASE|OPA_IMAGE)=(\S+)$", Path("infra/docker/worker.Dockerfile").read_text(), re.M))
print(services["nats"]["image"], services["redis"]["image"], *defaults.values(), sep="\n")
PYTHON
)
for image in $images; do
  if docker image inspect "$image" >/dev/null 2>&1; then
    mark=$(docker image inspect --format '{{index .Config.Labels "dev.jade.stand-in"}}' "$image")
    echo "e2e: $image is here${mark:+ (a stand-in)}"
  elif problem=$(timeout 300 docker pull --quiet "$image" 2>&1); then
    echo "e2e: $image pulled"
  else
    skip "the image $image is not here and cannot be pulled: ${problem##*$'\n'}" "sudo bash tests/e2e/offline.sh builds stand-ins"
  fi
done

JADE_E2E_COMPOSE="$compose" exec .venv/bin/python -m pytest tests/e2e -m e2e -v -s -p no:cacheprovider --timeout 900
