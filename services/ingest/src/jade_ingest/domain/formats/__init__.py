"""The formats that ingest understands, one module each, found by discovery.

A format is a module of this package with

* ``NAME``: what ``scan.report`` calls it;
* ``recognises(content)``: whether a parsed JSON value (or ``None`` for text that is no JSON) looks like it;
* ``read(content, documents)``: the findings and the rejects of it, where ``content`` is the parsed JSON
  value, or the text.

Adding a format is adding a module, with its page in ``docs/formats`` and its fixture.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Protocol, cast

from jade_common.events import ScanFinding
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.rejects import Reject


class Format(Protocol):
    """What a module of this package offers."""

    NAME: str

    @staticmethod
    def recognises(content: Any) -> bool:
        """Whether ``content`` looks like this format."""

    @staticmethod
    def read(content: Any, documents: Documents) -> Iterator[ScanFinding | Reject]:
        """What ``content`` says."""


@cache
def formats() -> Mapping[str, Format]:
    """All formats by name."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    return {module.NAME: cast("Format", module) for module in modules}
