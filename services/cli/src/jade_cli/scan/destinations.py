"""Where a scan writes what: ``-o FORMAT`` to stdout, ``-o FORMAT=FILE`` into a file, several at once."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from jade_cli.failures import WrongUsage


class Destination(NamedTuple):
    """A format, and the file that takes it; None for stdout."""

    format: str
    file: Path | None


def destinations(outputs: Sequence[str], output_file: Path | None, known: Sequence[str]) -> list[Destination]:
    """What to write where.

    Args:
        outputs: ``FORMAT`` or ``FORMAT=FILE`` each.
        output_file: Takes the place of stdout.
        known: All formats.

    Raises:
        WrongUsage: A format is none, or two would be written to the same place.
    """
    found: list[Destination] = []
    for output in outputs:
        name, equals, file = output.partition("=")
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise WrongUsage(f"output is {name!r}; known are {', '.join(known)}{hint}")
        if equals and not file:
            raise WrongUsage(f"output {output!r} names no file: write {name}=FILE, or {name} for stdout")
        found.append(Destination(name, Path(file) if equals else output_file))
    if output_file is not None and all(one.file != output_file for one in found):
        raise WrongUsage(f"--output-file {output_file} has nothing to take: every output names its own file")
    for place in {one.file for one in found}:
        if len(sharing := [one.format for one in found if one.file == place]) > 1:
            where = "stdout" if place is None else str(place)
            raise WrongUsage(
                f"{' and '.join(sharing)} would be mixed on {where}: give each a file of its own, as in "
                f"-o {sharing[0]} -o {sharing[1]}=FILE"
            )
    return found
