"""All generated files of the library, and which of those on disk are not what they should be."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jade_policy.generate import conftest, gatekeeper
from jade_policy.generate.index import index
from jade_policy.generate.page import page, table_of_all
from jade_policy.generate.source import read_sources
from jade_policy.generate.vap import admission_policy


def outputs(policies: Path, opa: str, only: Sequence[str] = ()) -> dict[Path, str]:
    """Give the text of every generated file below `policies`; with `only`, those in the folders of these alone.

    Raises:
        SourceError: a policy's source is incomplete or wrong.
    """
    sources = read_sources(policies, opa, only)
    files = {}
    if not only:
        files = {policies / "index.jsonl": index(sources), policies / "README.md": table_of_all(sources)}
        for name, text in conftest.pack(sources).items():
            files[policies / "conftest" / name] = text
    for source in sources:
        files[source.folder / "template.yaml"] = gatekeeper.template(source)
        files[source.folder / "constraint.yaml"] = gatekeeper.constraint(source)
        files[source.folder / "suite.yaml"] = gatekeeper.suite(source)
        files[source.folder / "README.md"] = page(source)
        if source.cel:
            files[source.folder / "vap.yaml"] = admission_policy(source, source.cel)
    return files


def stale(policies: Path, files: Mapping[Path, str]) -> dict[Path, str]:
    """Give what is wrong on disk: `missing`, `stale`, or `left over` from a policy that is gone."""
    wrong = {}
    for path, text in sorted(files.items()):
        if not path.is_file():
            wrong[path] = "missing"
        elif path.read_text(encoding="utf-8") != text:
            wrong[path] = "stale"
    for path in _generated(policies, files):
        if path not in files:
            wrong[path] = "left over"
    return wrong


def write(policies: Path, files: Mapping[Path, str]) -> dict[Path, str]:
    """Make the files on disk what they should be; gives what `stale` found before."""
    wrong = stale(policies, files)
    for path, problem in wrong.items():
        if problem == "left over":
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
    return wrong


def _generated(policies: Path, files: Mapping[Path, str]) -> list[Path]:
    """Give the files on disk that the generator may have written before, of what `files` is about."""
    found = [folder / "vap.yaml" for folder in sorted({path.parent for path in files})]
    if policies / "index.jsonl" in files:
        found += sorted((policies / "conftest").rglob("*"))
    return [path for path in found if path.is_file()]
