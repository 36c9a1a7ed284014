"""Says which programs that Jade runs are here, their version and origin, and what to do about the rest."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from jade_common.tools import NOT_INSTALLED, ToolNotFoundError, ToolSpec, find, load_specs

SCHEMA = "jade.doctor/v1"
READY, NOT_READY = 0, 3
NEEDED_PYTHON = (3, 11)


@dataclass(frozen=True)
class Diagnosis:
    """What is known of one program; `todo` is None where nothing is to be done."""

    name: str
    what: str
    required: bool
    status: str  # "ok", "missing" or "unusable"
    wanted: str
    version: str | None = None
    origin: str | None = None
    path: str | None = None
    reason: str | None = None
    todo: str | None = None


def diagnose_python() -> Diagnosis:
    """The interpreter that runs Jade."""
    version = ".".join(map(str, sys.version_info[:3]))
    serves = sys.version_info >= NEEDED_PYTHON
    return Diagnosis(
        name="python",
        what="runs Jade",
        required=True,
        status="ok" if serves else "unusable",
        wanted=">= 3.11",
        version=version,
        origin="this process",
        path=sys.executable,
        todo=None if serves else "install Python 3.11 or newer and set Jade up again with it",
    )


def diagnose_tool(spec: ToolSpec) -> Diagnosis:
    """One program of infra/tools.toml."""
    try:
        tool = find(spec.name)
    except ToolNotFoundError as error:
        return Diagnosis(
            name=spec.name,
            what=spec.what,
            required=spec.required,
            status="missing" if error.why == NOT_INSTALLED else "unusable",
            wanted=spec.wanted,
            reason=error.why,
            todo=spec.remedy,
        )
    return Diagnosis(
        name=spec.name,
        what=spec.what,
        required=spec.required,
        status="ok",
        wanted=spec.wanted,
        version=tool.version,
        origin=tool.origin,
        path=str(tool.path),
    )


def diagnose() -> list[Diagnosis]:
    """Everything, in the order of infra/tools.toml."""
    return [diagnose_python(), *(diagnose_tool(spec) for spec in load_specs().values())]


def ready(diagnoses: Iterable[Diagnosis]) -> bool:
    """Tells whether all that is required is here."""
    return all(each.status == "ok" for each in diagnoses if each.required)


def doctor(output: str = "table") -> int:
    """Prints the diagnoses to stdout.

    Args:
        output: "table" or "json".

    Returns:
        0 when all that is required is here, 3 otherwise.
    """
    diagnoses = diagnose()
    is_ready = ready(diagnoses)
    if output == "json":
        document = {"schema": SCHEMA, "ready": is_ready, "tools": [asdict(each) for each in diagnoses]}
        print(json.dumps(document, indent=2))
    else:
        print(table(diagnoses))
    return READY if is_ready else NOT_READY


def table(diagnoses: Sequence[Diagnosis]) -> str:
    """The same for people: one line a program, and under a missing one what to do."""
    lines = []
    for each in diagnoses:
        if each.status == "ok":
            lines.append(f"{each.name:13} {each.version or '':10} {each.origin or '':13} {each.path}")
        else:
            need = "required" if each.required else "optional"
            lines.append(
                f"{each.name:13} {each.status:10} {need:13} {each.reason}; wanted {each.wanted}, {each.what}"
            )
            lines.append(f"{'':13} {'to do':10} {each.todo}")
    lacking = [each.name for each in diagnoses if each.required and each.status != "ok"]
    lines.append(f"not ready: {', '.join(lacking)} required" if lacking else "ready")
    return "\n".join(lines)
