"""What infra/tools.toml says of each tool, read once into frozen models."""

import functools
import platform
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

INFRA = Path(__file__).resolve().parent.parent / "_infra"
NUMBERS = re.compile(r"\d+")
ARCHITECTURES = MappingProxyType({"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"})


def version_key(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare by.

    >>> version_key("1.22.2") < version_key("1.100.0-rc1")
    True
    """
    return tuple(int(part) for part in NUMBERS.findall(version.partition("-")[0].partition("+")[0]))


def this_platform() -> str:
    """This machine as releases name it, such as "linux-amd64"."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{ARCHITECTURES.get(machine, machine)}"


@dataclass(frozen=True)
class Release:
    """An official download and the published list of SHA-256 sums that it is held to."""

    url: str
    checksums: str
    asset: str


@dataclass(frozen=True)
class ToolSpec:
    """One tool of infra/tools.toml; the fields are explained at its head."""

    name: str
    what: str
    version: str
    at_least: str
    env: str
    below: str | None = None
    group: str | None = None
    required: bool = False
    ask: tuple[str, ...] = ()
    reads: str | None = None
    module: str | None = None
    requirements: Path | None = None
    release: Release | None = None
    todo: str | None = None

    def accepts(self, version: str) -> bool:
        """Tells whether a tool of this version serves."""
        key = version_key(version)
        return version_key(self.at_least) <= key and (self.below is None or key < version_key(self.below))

    @property
    def wanted(self) -> str:
        """The accepted versions in words, such as ">= 1.22, < 2"."""
        return f">= {self.at_least}" + (f", < {self.below}" if self.below else "")

    @property
    def remedy(self) -> str:
        """What a person does when the tool is missing."""
        if self.group is None:
            return self.todo or f"install {self.name} {self.wanted}"
        return f"make {self.group} (in the clone) or python -m jade_common.tools install {self.name}"


def parse_specs(document: Mapping[str, Any], infra: Path, machine: str) -> dict[str, ToolSpec]:
    """Reads the tables of tools.toml; releases and locked packages are resolved for this machine."""
    specs = {}
    for name, table in document["tools"].items():
        fields = dict(table)
        releases = fields.pop("release", {})
        if machine in releases:
            asset = releases[machine].format(version=table["version"])
            names = {"version": table["version"], "asset": asset}
            fields["release"] = Release(
                releases["url"].format(**names), releases["checksums"].format(**names), asset
            )
        if "requirements" in fields:
            fields["requirements"] = infra / fields["requirements"]
        fields["ask"] = tuple(fields.get("ask", ()))
        specs[name] = ToolSpec(name=name, **fields)
    return specs


@functools.cache
def _document() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads((INFRA / "tools.toml").read_text(encoding="utf-8")))


@functools.cache
def load_specs() -> Mapping[str, ToolSpec]:
    """The tools by name, in the order of infra/tools.toml."""
    return MappingProxyType(parse_specs(_document(), INFRA, this_platform()))


def toolchain_requirements() -> Path:
    """The locked package that carries a Go toolchain."""
    return INFRA / str(_document()["toolchain"]["requirements"])
