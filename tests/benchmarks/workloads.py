"""Real workloads: those of real manifests where there are, else the fixtures'."""

from pathlib import Path
from typing import Any

from rig import ROOT

from jade_policy.manifests import Manifest, read_manifests
from jade_policy.resources import pod_spec

MANIFESTS = ROOT.parent / "shared" / "manifests"


def manifests() -> list[Path]:
    """The files."""
    return sorted(MANIFESTS.glob("*.yaml")) or sorted((ROOT / "data" / "fixtures").rglob("*.yaml"))


def real_workloads() -> list[dict[str, Any]]:
    """The workloads in them."""
    read = [one for path in manifests() for one in read_manifests(path.read_bytes(), path.name)]
    return [one.obj for one in read if isinstance(one, Manifest) and pod_spec(one.obj)]
