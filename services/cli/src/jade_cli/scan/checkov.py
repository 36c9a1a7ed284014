"""Runs the real Checkov on copies of the scanned files, so that nothing beside them decides what it does.

Each file is copied without its broken documents (lines stay as they are): in Checkov one broken document
silently costs the file. In its own folder, Checkov finds no ``.checkov.yaml`` of the scanned repository,
which could make it load code.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from jade_cli.failures import Failure
from jade_common.tools import find
from jade_policy.documents import split_documents
from jade_policy.manifests import Unread, read_manifests

LIMIT_SECONDS = 600.0
"""2,911 documents take 19 s; thirty times that is a hang."""

NO_FINDINGS, FINDINGS = 0, 1
"""Its exit codes; anything else is a failure of Checkov itself."""

FLAGS = ("-o", "json", "--quiet", "--compact", "--skip-download", "--framework", "kubernetes")


def run(files: Mapping[str, bytes]) -> tuple[str, dict[str, str]]:
    """Run Checkov on the files, given by the names that the user knows them by.

    Returns:
        Its JSON report, with these names in it, and the text of each file as Checkov saw it.

    Raises:
        ToolNotFoundError: Checkov is not installed.
        Failure: It did not end in time, or not with a report.
    """
    tool = find("checkov")
    with TemporaryDirectory(prefix="jade-checkov-") as name:
        folder = Path(name)
        home, scanned = folder / "home", folder / "scanned"
        home.mkdir()
        scanned.mkdir()
        names: dict[str, str] = {}
        texts: dict[str, str] = {}
        for number, (path, data) in enumerate(sorted(files.items())):
            text = without_broken(data, path)
            if not text.strip():
                continue
            suffix = PurePosixPath(path).suffix
            copy = scanned / f"{number:06}{suffix if suffix in {'.yml', '.json'} else '.yaml'}"
            copy.write_bytes(text)
            names[copy.name] = path
            texts[path] = text.decode("utf-8", "replace")
        output = start([str(tool.path), "-d", str(scanned), *FLAGS], home)
    return renamed(output, names), texts


def without_broken(data: bytes, path: str) -> bytes:
    """The file with only line feeds where a document cannot be read."""
    kept: list[bytes] = []
    line = 1
    for first, piece in split_documents(data.removeprefix(b"\xef\xbb\xbf")):
        kept.append(b"\n" * (first - line))
        line = first + piece.count(b"\n")
        broken = any(isinstance(document, Unread) for document in read_manifests(piece, path))
        kept.append(b"\n" * piece.count(b"\n") if broken else piece)
    text = b"".join(kept)
    return text if text.strip() else b""


def start(command: list[str], home: Path) -> bytes:
    """Run it with nothing of this environment but PATH, and end it with all its children when time is up."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LOG_LEVEL": "ERROR",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with subprocess.Popen(
        command,
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            output, said = process.communicate(timeout=LIMIT_SECONDS)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise Failure(
                    f"Checkov did not end within {LIMIT_SECONDS:.0f} s: scan fewer files"
                ) from error
            raise
    if process.returncode not in {NO_FINDINGS, FINDINGS}:
        tail = said.decode("utf-8", "replace").strip()[-1000:]
        raise Failure(f"Checkov ended with exit code {process.returncode}: {tail or 'it said nothing'}")
    return output


def renamed(output: bytes, names: Mapping[str, str]) -> str:
    """The report with the user's file names in it.

    Raises:
        Failure: It is no JSON.
    """
    try:
        content = orjson.loads(output)
    except orjson.JSONDecodeError as error:
        raise Failure(f"Checkov wrote no JSON: {output[:200].decode('utf-8', 'replace')!r}") from error
    for report in content if isinstance(content, list) else [content]:
        results: Any = report.get("results") if isinstance(report, dict) else None
        for record in (results or {}).get("failed_checks") or []:
            path = names.get(PurePosixPath(record["file_path"]).name)
            if path is not None:
                record["file_path"] = record["file_abs_path"] = record["repo_file_path"] = path
    return orjson.dumps(content).decode()
