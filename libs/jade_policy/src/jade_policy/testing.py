"""A library for tests and benchmarks that is not Jade's, and behaves as Jade's own policies do."""

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import yaml


def write_foreign_library(folder: Path, policies: int, first: Sequence[str] = ()) -> None:
    """Write Jade's templates under names and with parameters of their own, so that none is shared.

    Args:
        folder: Where to, a file for each policy.
        policies: How many; where that is more than Jade has, each comes again with other parameters.
        first: Ids of those that must be among them, however few there are.
    """
    with as_file(files("jade_policy") / "policies_data") as root:
        own = sorted(path.parent for path in (root / "gatekeeper").glob("*/template.yaml"))
        sources = sorted(own, key=lambda source: source.name not in first)
        for number in range(policies):
            source = sources[number % len(sources)]
            template = yaml.safe_load((source / "template.yaml").read_text())
            constraint = yaml.safe_load((source / "constraint.yaml").read_text())
            kind = f"{constraint['kind']}V{number}"
            template["metadata"] = {"name": kind.lower()}
            template["spec"]["crd"]["spec"]["names"]["kind"] = constraint["kind"] = kind
            constraint["metadata"] = {"name": f"c{number}"}
            constraint["spec"].setdefault("parameters", {})["exemptImages"] = [f"r{number}.example.com/*"]
            (folder / f"{number:04}.yaml").write_text(yaml.safe_dump_all([template, constraint]))
