"""YAML: the same document as JSON."""

import yaml

from jade_cli.scan.report import Report
from jade_cli.terminal import Paint


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as one YAML document."""
    return yaml.dump(
        report.as_dict(), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=120
    )
