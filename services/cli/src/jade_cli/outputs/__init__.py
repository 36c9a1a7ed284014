"""Output formats of a scan, one module each, found by discovery.

A format is a module of this package with ``render(report, paint)``, which gives the whole document as
text; the file name is the format's name, with a ``_`` at its end where a library has that name already.
Each is a valid document for a clean, a failing and an incomplete scan alike.
"""

import importlib
import pkgutil
from typing import Protocol

from jade_cli.scan.report import Report
from jade_cli.terminal import Paint


class Format(Protocol):
    """What a module of this package offers."""

    @staticmethod
    def render(report: Report, paint: Paint) -> str:
        """The document, with its last line feed."""


def render(name: str, report: Report, paint: Paint) -> str:
    """The report in the format of that name."""
    modules = {module.rstrip("_"): module for module in _modules()}
    format_: Format = importlib.import_module(f"{__name__}.{modules[name]}")  # type: ignore[assignment]
    return format_.render(report, paint)


def names() -> list[str]:
    """All formats; nothing is imported."""
    return sorted(module.rstrip("_") for module in _modules())


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]
