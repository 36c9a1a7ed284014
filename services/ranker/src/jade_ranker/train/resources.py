"""Resources that violate a policy: its fixtures, each beside the nearest one that passes."""

from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any, NamedTuple

from jade_policy.generate.fixtures import Fixture, read_fixtures
from jade_policy.inventory import inventory_of
from jade_policy.library import Library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_policy.verdicts import Review, Verdict
from jade_ranker.adapters.verdicts import facts_of


class Failing(NamedTuple):
    """A resource that violates a policy, and what the nearest one that passes shows.

    Attributes:
        verdicts: in the library's order.
        gold: the policies that are violated here and not there.
    """

    review: Review
    verdicts: Sequence[Verdict]
    facts: frozenset[str]
    gold: frozenset[str]


def failing_resources(library: Library, engine: Engine) -> dict[str, list[Failing]]:
    """By policy, resources that violate it, each with the policies that its nearest passing twin does not violate."""
    reviews: dict[str, list[tuple[Fixture, Review]]] = {}
    with as_file(files("jade_policy") / "policies_data") as root:
        for policy in library.policies:
            folder = root / "gatekeeper" / policy.id / "fixtures"
            reviews[policy.id] = [(one, _review(one)) for one in read_fixtures(folder)]
    flat = [review for found in reviews.values() for _, review in found]
    judged = iter(engine.judge(flat))
    found: dict[str, list[Failing]] = {}
    for policy_id, fixtures in reviews.items():
        rows = [(fixture, review, next(judged)) for fixture, review in fixtures]
        passing = [(review, verdicts) for fixture, review, verdicts in rows if not fixture.denied]
        failing = []
        for fixture, review, verdicts in rows:
            if fixture.denied and policy_id in violated(verdicts):
                twin = min(passing, key=lambda other: len(leaves(review.object) ^ leaves(other[0].object)))
                gold = violated(verdicts) - violated(twin[1])
                failing.append(Failing(review, verdicts, facts_of(review), gold | {policy_id}))
        found[policy_id] = failing
    return found


def violated(verdicts: Sequence[Verdict]) -> frozenset[str]:
    """The policies that a resource violates."""
    return frozenset(one.policy_id for one in verdicts if one.verdict == "violated")


def leaves(value: Any, path: tuple[str, ...] = ()) -> frozenset[tuple[tuple[str, ...], str]]:
    """All values of an object, each with where it stands: two objects are as far apart as these differ."""
    if isinstance(value, dict):
        below = (leaves(each, (*path, key)) for key, each in value.items())
    elif isinstance(value, list):
        below = (leaves(each, (*path, str(number))) for number, each in enumerate(value))
    else:
        return frozenset({(path, repr(value))})
    return frozenset().union(*below)


def _review(fixture: Fixture) -> Review:
    (obj,) = _objects(fixture.manifest)
    beside = None if fixture.inventory is None else _objects(fixture.inventory.read_text(encoding="utf-8"))
    return Review(obj, inventory=None if beside is None else inventory_of(beside, None))


def _objects(text: str) -> list[dict[str, Any]]:
    return [one.obj for one in read_manifests(text.encode(), "fixture.yaml") if isinstance(one, Manifest)]
