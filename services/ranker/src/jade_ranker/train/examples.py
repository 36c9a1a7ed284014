"""Examples to learn from: what a policy says of itself, put in other words, beside the resources that violate it.

A policy is never shown the text that a question was made of: the side that it came from is hidden, and other sides by
chance, as if the library were a poorer one. In some examples the policies that are meant are taken out of the library,
so that none is right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from random import Random
from typing import Any, NamedTuple

from jade_policy.generate.fixtures import Fixture, read_fixtures
from jade_policy.inventory import inventory_of
from jade_policy.library import Library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_policy.policies import Policy
from jade_policy.verdicts import Review, Verdict
from jade_ranker.adapters.verdicts import facts_of
from jade_ranker.domain.descriptions import VIEWS, Description, named
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.rewording import as_scanners_say, swapped

SENTENCE = re.compile(r"(?<=[.;:])\s+")
SHORTEST_SENTENCE = 12  # characters; less is an enumeration

RESOURCES = 3
"""Fixtures of a policy that questions are asked about; more of one policy would make it count for more."""

HIDDEN = 0.3
"""How often a side that the question does not come from is hidden as well."""

SAYINGS = 4
"""Things that a policy is about that questions in plain words are made of, for each half of the thesaurus."""

NOISE = (
    "our team", "somebody", "at night", "last week", "please", "why", "customers", "the auditors", "production", "again",
    "in the end", "nobody knows", "we found", "it happens", "every time", "the new release", "on Monday", "can we", "is it",
    "how do I", "stop this", "make sure", "the vendor", "another thing", "for months", "worries me", "the whole company",
)  # fmt: skip
"""What people say beside what they mean."""

KNOWN_RULE = 0.4
"""How often a question comes from a rule that the crosswalk knows."""

WITHOUT_RESOURCE = 0.4
WITHOUT_ANSWER = 0.2
WITH_FIELD = 0.4
"""How often a question has no resource, has no policy that is right, names a field."""


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


class Example(NamedTuple):
    """A question with the policies that are right.

    Attributes:
        policy: whose words it is made of; examples of one policy are never split.
        hidden: the sides that the policies do not show.
        path: the field that the finding names.
        failing: the resource; None where the question has none.
        gold: ids of the policies that are right.
        absent: ids of the policies that the library lacks.
        links: what the crosswalk knows of the rule: confidence by policy.
        half: of the thesaurus, that is looked at: what is asked in the words of one half must be found by the other.
    """

    policy: str
    finding: Finding
    hidden: frozenset[str]
    path: str | None
    failing: Failing | None
    gold: frozenset[str]
    absent: frozenset[str]
    links: Mapping[str, float]
    half: int


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
                gold = min(
                    (violated(verdicts) - violated(other) for _, other in passing),
                    key=lambda flips: (policy_id not in flips, len(flips), sorted(flips)),
                )
                failing.append(Failing(review, verdicts, facts_of(review), gold | {policy_id}))
        found[policy_id] = failing
    return found


def violated(verdicts: Sequence[Verdict]) -> frozenset[str]:
    """The policies that a resource violates."""
    return frozenset(one.policy_id for one in verdicts if one.verdict == "violated")


def examples_of(
    library: Library,
    descriptions: Sequence[Description],
    failing: Mapping[str, Sequence[Failing]],
    confidences: Sequence[float],
    sayings: Sequence[Mapping[str, Sequence[Sequence[str]]]],
) -> Iterator[Example]:
    """The examples, the same in every run.

    Args:
        library: The policies.
        descriptions: What is known of each.
        failing: See :func:`failing_resources`.
        confidences: How sure the crosswalk is of its links; questions draw from them.
        sayings: Of both halves of the thesaurus, by policy, what people say of each thing that it is about.
    """
    chance = Random(20)  # any number: what is learned must not depend on it
    others = [policy.id for policy in library.policies]
    for policy, description in zip(library.policies, descriptions, strict=True):
        resources = list(failing[policy.id])
        chance.shuffle(resources)
        for resource in resources[:RESOURCES]:
            for side, finding in questions(policy, description, resource, chance):
                yield _example(
                    policy, side, finding, resource, chance, confidences, others, chance.randrange(2)
                )
        for half in (0, 1):
            told = sayings[1 - half].get(policy.id, ())
            for phrases in chance.sample(list(told), min(SAYINGS, len(told))):
                finding = Finding("", "", plainly(phrases, chance))
                resource = chance.choice(resources)
                yield _example(policy, "", finding, resource, chance, confidences, others, half)


def questions(
    policy: Policy, description: Description, failing: Failing, chance: Random
) -> Iterator[tuple[str, Finding]]:
    """What scanners might say of a resource that violates a policy, each with the side that it was made of."""
    yield "name", Finding("", "", as_scanners_say(policy.title, chance))
    yield "", Finding("", "", swapped(as_scanners_say(policy.title, chance), chance, 0.6))
    yield "name", Finding("", policy.kind or "", "")
    told = [text for text in SENTENCE.split(description.description) if len(text) >= SHORTEST_SENTENCE]
    for text in chance.sample(told, min(2, len(told))):
        yield "description", Finding("", "", as_scanners_say(text.strip(" ."), chance))
    message = next(
        (
            one.violations[0].message
            for one in failing.verdicts
            if one.policy_id == policy.id and one.violations
        ),
        "",
    )
    if message:
        yield "messages", Finding("", "", "", message)
        yield "messages", Finding("", "", as_scanners_say(policy.title, chance), message)
    notes = [step.note for step in policy.remediation if step.note]
    if notes:
        yield "fix", Finding("", "", as_scanners_say(chance.choice(notes).strip(" ."), chance))
    fields = [named(path)[-2:] for path in description.paths if named(path)]
    if fields:
        field = ".".join(chance.choice(fields))
        yield "name", Finding("", "", as_scanners_say(f"wrong or missing `{field}`", chance))


def plainly(phrases: Sequence[str], chance: Random) -> str:
    """A sentence of somebody who does not know what the thing is called: some of what people say of it, and noise."""
    said = chance.sample(list(phrases), min(chance.choice((1, 1, 2)), len(phrases)))
    noise = chance.sample(NOISE, chance.choice((0, 2, 4)))
    words = [*said, *noise]
    chance.shuffle(words)
    return " ".join(words)


def _example(
    policy: Policy,
    side: str,
    finding: Finding,
    resource: Failing,
    chance: Random,
    confidences: Sequence[float],
    others: Sequence[str],
    half: int,
) -> Example:
    hidden = {view for view in VIEWS if view == side or chance.random() < HIDDEN}
    if len(hidden) == len(VIEWS):
        hidden = {side}
    alone = chance.random() < WITHOUT_RESOURCE
    path = None
    if not alone and chance.random() < WITH_FIELD:
        path = next((one.path for one in resource.verdicts if one.policy_id == policy.id and one.path), None)
    absent = resource.gold if chance.random() < WITHOUT_ANSWER else frozenset()
    links: dict[str, float] = {}
    if confidences and not absent and chance.random() < KNOWN_RULE:
        confidence = chance.choice(confidences)
        right = chance.random() < confidence
        links[policy.id if right else chance.choice(others)] = confidence
    return Example(
        policy.id,
        finding,
        frozenset(hidden),
        path,
        None if alone else resource,
        resource.gold - absent,
        absent,
        links,
        half,
    )


def _review(fixture: Fixture) -> Review:
    (obj,) = _objects(fixture.manifest)
    beside = None if fixture.inventory is None else _objects(fixture.inventory.read_text(encoding="utf-8"))
    return Review(obj, inventory=None if beside is None else inventory_of(beside, None))


def _objects(text: str) -> list[dict[str, Any]]:
    return [one.obj for one in read_manifests(text.encode(), "fixture.yaml") if isinstance(one, Manifest)]
