"""Which field a violation hangs on, by what became of it in each variant."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from jade_policy.locate.stated import named_container
from jade_policy.locate.variants import NOTHING, Variant
from jade_policy.pointers import get, parent, split
from jade_policy.resources import CONTAINER_LISTS
from jade_policy.verdicts import Verdict

_NAMES = frozenset({"name", "generateName", "apiVersion", "kind"})
_SPLIT = re.compile(r"[^a-z0-9]+")


class Outcome(NamedTuple):
    """A variant and what the policy says of it."""

    variant: Variant
    verdict: Verdict


class _Rank(NamedTuple):
    """How good an explanation is; the smallest wins."""

    weak: bool  # the message changed, but as many violations are left
    named: int  # less the length of its last two steps, where the message says them
    called: int  # the same, where what the policy is called says it
    aside: bool  # names and metadata: what exempts, rather than what is wrong
    elsewhere: bool  # in another container than the message names
    together: bool  # only in all containers at once
    dropped: bool  # dropping a field may only have made the message impossible
    others: int  # violations that went away besides
    depth: int  # of what is there the deepest, of what is not there the first step
    pointer: str


def located(
    obj: Mapping[str, Any], verdict: Verdict, outcomes: Sequence[Outcome], called: str = ""
) -> dict[int, str]:
    """The field of each violation that names none and that the outcomes explain, by its place in the verdict.

    Args:
        obj: The resource.
        verdict: What the policy says of it.
        outcomes: What it says of the variants.
        called: What the policy is called: its id, its title.
    """
    found: dict[int, str] = {}
    for number, violation in enumerate(verdict.violations):
        if violation.path is not None:
            continue
        container = named_container(obj, violation.message)
        about = _About(violation.message, _squashed(violation.message), _squashed(called), container)
        ranks = [rank for outcome in outcomes if (rank := _rank(obj, about, verdict, outcome)) is not None]
        if ranks:
            best = min(ranks)[:-1]
            equal = sorted({rank.pointer for rank in ranks if rank[:-1] == best})
            turn = verdict.messages[:number].count(violation.message)  # who says the same means the next one
            found[number] = _whole(obj, equal[min(turn, len(equal) - 1)], about.said)
    return found


def _whole(obj: Mapping[str, Any], pointer: str, said: str) -> str:
    """The missing field that a message speaks of, where what was set to settle it lies inside."""
    above = pointer
    while (above := parent(above)) and _now(obj, above) is NOTHING:
        step = _squashed(split(above)[-1])
        if step in said and _squashed(split(pointer)[-1]) not in said:
            return above
    return pointer


class _About(NamedTuple):
    message: str
    said: str
    called: str
    container: str | None


def _squashed(text: str) -> str:
    """A text without spaces and case: `Liveness probe` says `livenessProbe`."""
    return _SPLIT.sub("", text.lower())


def _rank(obj: Mapping[str, Any], about: _About, before: Verdict, outcome: Outcome) -> _Rank | None:
    after = outcome.verdict
    if after.verdict not in {"passed", "violated"}:
        return None
    if after.messages.count(about.message) >= before.messages.count(about.message):
        return None
    fewer = len(before.violations) - len(after.violations)
    pointer = _first(obj, outcome.variant, about.container)
    tokens = split(pointer)
    if fewer <= 0 and tokens[-1] in {*_NAMES, "namespace"}:  # messages say names
        return None
    steps = [_squashed(one) for one in tokens if not one.isdecimal() and one not in CONTAINER_LISTS][-2:]
    missing = _now(obj, pointer) is NOTHING
    container = about.container
    return _Rank(
        weak=fewer <= 0,
        named=-sum(len(step) for step in steps if step in about.said),
        called=-sum(len(step) for step in steps if step in about.called),
        aside=tokens[-1] in _NAMES or "metadata" in tokens[:-1],
        elsewhere=container is not None and not f"{pointer}/".startswith(f"{container}/"),
        together=len(outcome.variant.places) > 1,
        dropped=outcome.variant.drops,
        others=max(fewer - 1, 0),
        depth=len(tokens) if missing else -len(tokens),
        pointer=pointer,
    )


def _first(obj: Mapping[str, Any], variant: Variant, container: str | None) -> str:
    """Of the places that were changed together, the first that really changed, in the named container if it is one."""
    changed = [one for one in variant.places if _now(obj, one) != variant.value] or list(variant.places)
    if container is not None:
        changed.sort(key=lambda one: not f"{one}/".startswith(f"{container}/"))
    return changed[0]


def _now(obj: Mapping[str, Any], pointer: str) -> Any:
    try:
        return get(obj, pointer)
    except (LookupError, ValueError):
        return NOTHING
