"""Puts the pinned uv into .tools/bin: from the per-user cache, else from PyPI with its checksum.

Runs before any environment exists, so it needs nothing but a Python with pip. `pip install --target` writes
outside the interpreter's own packages, which Debian's "externally managed" Python allows without sudo.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).resolve().with_name("uv.txt")
NEEDED_PYTHON = (3, 11)  # tomllib, TaskGroup and StrEnum are in daily use


def say(text: str) -> None:
    """Tells the person who waits what happens, on stderr."""
    print(f"uv: {text}", file=sys.stderr, flush=True)  # noqa: T201


def pinned_version() -> str:
    """Reads the version that uv.txt pins.

    Raises:
        SystemExit: uv.txt pins nothing.
    """
    pin = re.search(r"^uv==(\S+)", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    if pin is None:
        raise SystemExit(f"uv: {REQUIREMENTS} pins no uv==VERSION; restore the file from git")
    return pin.group(1)


def answers(executable: Path, version: str) -> bool:
    """Tells whether this uv starts here and is of the pinned version."""
    try:
        asked = subprocess.run(
            [str(executable), "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.stdout.split()[:2] == ["uv", version]


def download(version: str, entry: Path) -> None:
    """Installs uv from PyPI into the cache entry, which appears at once and whole or not at all.

    Raises:
        SystemExit: pip is missing or could not install.
    """
    entry.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".uv-", dir=entry.parent) as scratch:
        target = Path(scratch, "uv")
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--disable-pip-version-check",
        ]
        command += ["--require-hashes", "--target", str(target), "-r", str(REQUIREMENTS)]
        say(f"installing {version} from PyPI with {sys.executable} -m pip")
        # pip warns root of breaking the system's packages; --target leaves them alone
        quiet = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
        if subprocess.run(command, check=False, env=quiet).returncode != 0:
            raise SystemExit(
                "uv: pip could not install it (see above). Without pip: apt-get install python3-pip;"
                " behind a mirror: set PIP_INDEX_URL; then run make setup again"
            )
        try:
            target.rename(entry)
        except OSError:  # another clone was faster, or what lies there does not start
            if not answers(entry / "bin" / "uv", version):
                shutil.rmtree(entry, ignore_errors=True)
                target.rename(entry)


def main() -> None:
    """Leaves .tools/bin/uv at the pinned version.

    Raises:
        SystemExit: this Python is too old, or uv cannot be had.
    """
    if sys.version_info < NEEDED_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SystemExit(
            f"Jade needs Python 3.11 or newer, {sys.executable} is {found}: make setup PYTHON=python3.11"
        )
    version = pinned_version()
    link = ROOT / ".tools" / "bin" / "uv"
    if answers(link, version):
        return
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").resolve()
    entry = cache / "jade" / "tools" / f"uv-{version}"
    if answers(entry / "bin" / "uv", version):
        say(f"{version} is in the per-user cache ({entry})")
    else:
        download(version, entry)
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".uv-{os.getpid()}")
    fresh.symlink_to(entry / "bin" / "uv")
    fresh.replace(link)


if __name__ == "__main__":
    main()
