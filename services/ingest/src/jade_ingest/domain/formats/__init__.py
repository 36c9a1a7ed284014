"""The formats that ingest understands, one module each, found by discovery.

A format is a module of this package with

* ``NAME``: what ``scan.report`` calls it;
* ``recognises(content)``: whether what a tool wrote looks like it, by ``content.form`` and ``content.sketch``; of a
  version that is not known as well, so that ``read`` can name it;
* ``read(content, documents)``: its findings, its rejects, and what says of no problem.

Adding a format is adding a module, with its page in ``docs/formats`` and its fixture in ``tests/unit/ingest/reports``.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Protocol, TypeAlias, cast

from jade_common.events import ScanFinding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.rejects import Aside, Reject

Entry: TypeAlias = ScanFinding | Reject | Aside


class Format(Protocol):
    """What a module of this package offers."""

    NAME: str

    @staticmethod
    def recognises(content: Content) -> bool:
        """Whether ``content`` looks like this format."""

    @staticmethod
    def read(content: Content, documents: Documents) -> Iterator[Entry]:
        """What ``content`` says.

        Raises:
            InvalidEventError: It is not of this format, or of a version that is not known.
        """


@cache
def formats() -> Mapping[str, Format]:
    """All formats by name."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    return {module.NAME: cast("Format", module) for module in modules}
