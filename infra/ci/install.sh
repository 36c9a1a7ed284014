#!/usr/bin/env bash
# Makes `jade scan` of this checkout ready: the command with what it imports, locked, and OPA; with `--checkov` Checkov, too.
# Prints what it does to stderr and the folder of the `jade` command to stdout. Used by action.yml, the pre-commit hook and
# the GitLab template.
set -euo pipefail
# From the root, where .tools/bin and the lock file are, whatever folder the pipeline is in.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tools=(opa)
[ "${1:-}" != --checkov ] || tools+=(checkov)

command_ready() {
  [ -x .venv/bin/jade ] || {
    "$(command -v python3.11 || command -v python3)" infra/setup/install_uv.py &&
      UV_COMPILE_BYTECODE=1 .tools/bin/uv sync --locked --quiet --no-dev --package jade-cli
  }
}

tool_ready() {
  .venv/bin/python -m jade_common.tools which "$1" > /dev/null 2>&1 || .venv/bin/python -m jade_common.tools install "$1"
}

{
  command_ready || failed=1
  for tool in "${tools[@]}"; do
    [ -n "${failed:-}" ] || tool_ready "$tool" || failed=1
  done
} >&2
if [ -n "${failed:-}" ]; then
  echo "jade: it could not be set up, see above; it needs Python 3.11 with pip and a network" >&2
  exit 3
fi
echo "$PWD/.venv/bin"
