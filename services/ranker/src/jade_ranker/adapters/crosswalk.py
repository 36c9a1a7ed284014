"""The crosswalk that the package carries."""

from functools import cache
from importlib.resources import files

from jade_ranker.domain.crosswalk import Crosswalk


@cache
def own_crosswalk() -> Crosswalk:
    """Read it, once a process: 300 lines take some milliseconds.

    Raises:
        CrosswalkError: A line of it is no link.
    """
    return Crosswalk.parse((files("jade_ranker") / "crosswalk.jsonl").read_text("utf-8"))
