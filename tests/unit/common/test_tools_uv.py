"""infra/setup/install_uv.py, which runs before any environment exists."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jade_common.tools import load_specs
from jade_common.tools.specs import INFRA

VERSION = load_specs()["uv"].version


@pytest.fixture
def clone(tmp_path):
    setup = tmp_path / "clone" / "infra" / "setup"
    setup.mkdir(parents=True)
    for name in ("install_uv.py", "uv.txt"):
        (setup / name).write_text((INFRA / "setup" / name).read_text(encoding="utf-8"))
    return tmp_path / "clone"


def install_uv(clone, cache, pip="exit 9"):
    """Runs it with the real Python under a name whose `-m pip` is the given shell script."""
    python = clone / "python3"
    python.write_text(f'#!/bin/sh\n[ "$1" = -m ] && {{ {pip}; }}\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    script = clone / "infra/setup/install_uv.py"
    code = f"import runpy, sys; sys.executable = {str(python)!r}; "
    code += f"runpy.run_path({str(script)!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def fake_uv(path, version=VERSION):
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho uv {version} '(test)'\n")
    path.chmod(0o755)


def test_it_is_linked_from_the_per_user_cache_without_pip(clone, tmp_path):
    fake_uv(tmp_path / f"jade/tools/uv-{VERSION}/bin/uv")
    done = install_uv(clone, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "is in the per-user cache" in done.stderr
    assert Path(clone / ".tools/bin/uv").resolve() == tmp_path / f"jade/tools/uv-{VERSION}/bin/uv"
    again = install_uv(clone, tmp_path)
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.parametrize("leftover", [False, True], ids=["empty cache", "broken entry"])
def test_it_comes_from_pypi_with_its_checksum_and_appears_whole(clone, tmp_path, leftover):
    if leftover:
        fake_uv(tmp_path / f"jade/tools/uv-{VERSION}/bin/uv", version="0.0.1")
    script = (
        'echo "$@" > ' + str(tmp_path / "asked") + "; "
        'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/bin"; '
        f'printf \'#!/bin/sh\\necho uv {VERSION}\\n\' > "$2/bin/uv"; chmod +x "$2/bin/uv"; exit 0'
    )
    done = install_uv(clone, tmp_path, pip=script)
    assert done.returncode == 0, done.stderr
    assert "--require-hashes" in (tmp_path / "asked").read_text()
    assert f"uv {VERSION}" in (clone / ".tools/bin/uv").read_text()
    assert sorted(path.name for path in (tmp_path / "jade/tools").iterdir()) == [f"uv-{VERSION}"]


def test_without_pip_it_says_what_to_install(clone, tmp_path):
    done = install_uv(clone, tmp_path, pip="echo No module named pip >&2; exit 1")
    assert done.returncode == 1
    assert "No module named pip" in done.stderr
    assert "apt-get install python3-pip" in done.stderr
    assert not (clone / ".tools/bin/uv").exists()
