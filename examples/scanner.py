"""A scanner: one check of its own over manifests, each finding published with its resource and line.

Usage: python examples/scanner.py FILE...
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from jade_common.client import Client, JadeError, ScanFinding, Source
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.redaction import redact
from jade_policy.resources import containers

TOOL = "acme"


def findings(path: Path) -> Iterator[ScanFinding]:
    """A finding for every container that may write to its root filesystem."""
    for manifest in read_manifests(path.read_bytes(), str(path)):
        if not isinstance(manifest, Manifest):
            print(f"{path}: not read: {manifest.reason}", file=sys.stderr)
            continue
        for pointer, _, container in containers(manifest.obj):
            if (container.get("securityContext") or {}).get("readOnlyRootFilesystem") is True:
                continue
            yield ScanFinding(
                tool=TOOL,
                rule_id="ACME-7",
                title="Root filesystem is not read-only",
                message=f"container {container.get('name')} may write to its root filesystem",
                severity="medium",
                resource=redact(manifest.obj),  # no secret leaves this machine
                path=f"{pointer}/securityContext/readOnlyRootFilesystem",
                source=Source(path=str(path), line=manifest.line_of(pointer)),
            )


async def main(paths: list[str]) -> None:
    """Publish what is found; ids follow from the findings, so a second run publishes nothing new."""
    async with Client(source=f"{TOOL}/scanner") as jade:
        done = await jade.publish(one for path in paths for one in findings(Path(path)))
    new = sum(not one.duplicate for one in done)
    print(f"{len(done)} findings, {new} of them new to the bus")


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1:]))
    except JadeError as error:
        sys.exit(f"scanner: {error}")
