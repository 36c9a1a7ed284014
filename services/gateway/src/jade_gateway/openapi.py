"""Writes the OpenAPI document: ``python -m jade_gateway.openapi write|check [DOCS]``."""

import argparse
import sys
from pathlib import Path
from typing import Any

from jade_common.asyncapi import encoded
from jade_common.bus import Bus
from jade_common.settings import NatsSettings
from jade_gateway.adapters.ranking import Ranking
from jade_gateway.app import rest
from jade_gateway.settings import GatewaySettings

NAME = "openapi.json"


def document() -> dict[str, Any]:
    """The document, as the gateway gives it."""
    bus = Bus(NatsSettings(), service="gateway", redact=str)
    return rest(bus, Ranking(bus), [], GatewaySettings()).openapi()


def main(action: str, folder: Path) -> int:
    """Write the document, or say that it is stale."""
    path, text = folder / NAME, encoded(document())
    if action == "write":
        path.write_bytes(text)
    if not path.is_file() or path.read_bytes() != text:
        sys.stderr.write(f"{path} is stale: run `python -m jade_gateway.openapi write`\n")
        return 1
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("action", choices=["write", "check"])
    parser.add_argument("docs", nargs="?", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    raise SystemExit(main(arguments.action, arguments.docs))
