"""JSON: the report as it is, byte-equal from run to run."""

import orjson

from jade_cli.scan.report import Report
from jade_cli.terminal import Paint


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as one JSON object."""
    return orjson.dumps(report.as_dict(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
