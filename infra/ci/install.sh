#!/usr/bin/env bash
# Makes `jade scan` of this checkout ready: the locked environment and OPA; Checkov as well with `--checkov`.
# Prints what it does to stderr and the folder of the `jade` command to stdout. Used by action.yml, the pre-commit hook and
# the GitLab template.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
tools=(opa)
[ "${1:-}" != --checkov ] || tools+=(checkov)

ready() {
  [ -x "$root/.venv/bin/jade" ] || return 1
  for tool in "${tools[@]}"; do
    "$root/.venv/bin/python" -m jade_common.tools which "$tool" >/dev/null 2>&1 || return 1
  done
}

# From the root, where the Makefile and .tools/bin are, whatever folder the pipeline is in.
cd "$root"
if ! ready; then
  { make env && .venv/bin/python -m jade_common.tools install "${tools[@]}"; } >&2 || {
    echo "jade: it could not be set up, see above; it needs Python 3.11 with pip, make and a network" >&2
    exit 3
  }
fi
echo "$root/.venv/bin"
