"""The conftest pack: the same policies as `deny` rules over plain manifests."""

import json
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from jade_policy.generate.source import PolicySource

_HEADER = "# Generated from data/policies/gatekeeper; change that and run `make policies`.\n"
_MAIN = Path(__file__).with_name("conftest_main.rego")


def pack(sources: Sequence[PolicySource]) -> dict[str, str]:
    """Give the pack's files, by their path below `conftest/`."""
    files = {"main.rego": _HEADER + _MAIN.read_text(encoding="utf-8"), "pack.rego": _pack(sources)}
    for source in sources:
        files[f"policies/{source.package}.rego"] = _HEADER + re.sub(
            rf"^package {source.package}$",
            f"package jade.policies.{source.package}",
            source.code,
            flags=re.MULTILINE,
        )
        for library in source.libraries:
            files[str(PurePosixPath("lib", f"{library.name}.rego"))] = _HEADER + library.rego
    return files


def _pack(sources: Sequence[PolicySource]) -> str:
    """Write the table of policies as Rego: conftest reads data only where a flag names it."""
    policies = {
        source.id: {
            "package": source.package,
            "severity": source.metadata.severity,
            "kinds": [group.as_json() for group in source.metadata.match],
            "inventory": list(source.metadata.inventory),
            "parameters": source.metadata.defaults,
        }
        for source in sources
    }
    lines = [f"\t{json.dumps(id_)}: {json.dumps(policy)}," for id_, policy in policies.items()]
    return _HEADER + "package jade.pack\n\npolicies := {\n" + "\n".join(lines) + "\n}\n"
