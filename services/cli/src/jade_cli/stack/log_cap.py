"""Keeps the logs of a stack short."""

import os
import shutil
from pathlib import Path

import structlog

log = structlog.get_logger("jade.stack")

CAP_BYTES = 10_000_000
"""With the part that was cut off before, a log takes at most about twice that."""

OLD = ".1"


def cap(folder: Path, limit: int = CAP_BYTES) -> None:
    """Move the content of each log in ``folder`` that is longer than ``limit`` bytes to ``NAME.log.1``.

    The parts append to files that stay open, so the content is copied and the file cut: a line that is
    written in the microseconds between is lost.
    """
    for path in folder.glob("*.log"):
        try:
            if path.stat().st_size > limit:
                new = path.with_name(f"{path.name}{OLD}.new")
                shutil.copyfile(path, new)
                os.truncate(path, 0)
                new.replace(path.with_name(f"{path.name}{OLD}"))
        except OSError as error:
            log.warning("log_not_capped", path=str(path), error=str(error))
