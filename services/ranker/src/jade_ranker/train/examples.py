"""Examples to learn from: what a policy says of itself, put in other words, beside the resources that violate it.

A policy is never shown the text that a question was made of: the side that it came from is hidden, and other sides by
chance, as if the library were a poorer one. In some examples the policies that are meant are taken out of the library,
so that none is right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from jade_policy.library import Library
from jade_policy.policies import Policy
from jade_ranker.domain.descriptions import VIEWS, Description, named
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.rewording import as_scanners_say, swapped
from jade_ranker.domain.terms import terms
from jade_ranker.train.halves import Saying
from jade_ranker.train.resources import Failing, violated

SENTENCE = re.compile(r"(?<=[.;:])\s+")
SHORTEST_SENTENCE = 12  # characters; less is an enumeration

RESOURCES = 3
"""Fixtures of a policy that questions are asked about; more of one policy would make it count for more."""

HIDDEN = 0.15
"""How often a side that the question does not come from is hidden as well."""

SAYINGS = 8
"""Things that a policy is about that questions in plain words are made of, for each half of the thesaurus."""

NOISE = (
    "our team", "somebody", "at night", "last week", "please", "why", "customers", "the auditors", "production",
    "again", "in the end", "nobody knows", "we found", "it happens", "every time", "the new release", "on Monday",
    "can we", "is it", "how do I", "stop this", "make sure", "the vendor", "another thing", "for months", "worries me",
    "the whole company",
)  # fmt: skip
"""What people say beside what they mean."""

SHOWN = ("name", "description", "messages", "fields")
"""What is left of a policy where a question is made of its reasons or its advice."""

FEWEST_WORDS = 3
"""Of a question without its policy's words: nobody can tell what less is about."""

KNOWN_RULE = 0.4
"""How often a question comes from a rule that the crosswalk knows."""

WITHOUT_RESOURCE = 0.4
WITHOUT_ANSWER = 0.2
WITH_FIELD = 0.4
RIGHT_FIELD = 0.8
WITH_KIND = 0.2
WITH_NUMBER = 0.1
"""How often a question has no resource, no policy that is right; names a field, and that the right one; a kind, a
number of a benchmark. Scanners name whole containers, or the field beside."""


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


def examples_of(
    library: Library,
    descriptions: Sequence[Description],
    failing: Mapping[str, Sequence[Failing]],
    confidences: Sequence[float],
    sayings: Sequence[Mapping[str, Sequence[Saying]]],
    beyond: Sequence[Sequence[Sequence[str]]],
) -> Iterator[Example]:
    """The examples, the same in every run.

    Args:
        library: The policies.
        descriptions: What is known of each.
        failing: See :func:`failing_resources`.
        confidences: How sure the crosswalk is of its links; questions draw from them.
        sayings: Of both halves of the thesaurus, by policy, what people say of each thing that it is about.
        beyond: Of both halves of the thesaurus, what people say of things that no policy is about, in one order.
    """
    chance = Random(20)  # noqa: S311  # any number: what is learned must not depend on it
    others = [policy.id for policy in library.policies]
    everywhere = [one for policy in library.policies for one in failing[policy.id]]
    for half, phrases, others_say in in_halves(beyond):
        yield from off_topic(phrases, others_say, everywhere, chance, half)
    for policy, description in zip(library.policies, descriptions, strict=True):
        resources = list(failing[policy.id])
        chance.shuffle(resources)
        for resource in resources[:RESOURCES]:
            for side, finding in questions(policy, description, resource, chance):
                yield _example(
                    policy, side, finding, resource, chance, confidences, others, chance.randrange(2)
                )
        shown, own = words_of(description, SHOWN), words_of(description, VIEWS)
        for text in SENTENCE.split(f"{description.reasons} {description.fix}"):
            if other := without(text, shown):
                finding, resource = Finding("", "", other), chance.choice(resources)
                half = chance.randrange(2)
                yield _example(
                    policy,
                    "",
                    finding,
                    resource,
                    chance,
                    confidences,
                    others,
                    half,
                    hidden={"reasons", "fix"},
                )
        for half in (0, 1):
            told = sayings[1 - half].get(policy.id, ())
            for saying in chance.sample(list(told), min(SAYINGS, len(told))):
                finding = Finding("", "", plainly(saying.phrases, chance))
                resource = chance.choice(resources)
                resource = resource._replace(gold=resource.gold | saying.policies)
                yield _example(policy, "", finding, resource, chance, confidences, others, half)
                if other := without(finding.title, own):
                    other_words = Finding("", "", other)
                    yield _example(
                        policy, "", other_words, resource, chance, confidences, others, half, hidden=set()
                    )


def in_halves(
    beyond: Sequence[Sequence[Sequence[str]]],
) -> Iterator[tuple[int, Sequence[str], Sequence[str]]]:
    """Each half with what it says of each thing, and what the other one does."""
    for half, others in ((0, 1), (1, 0)):
        for phrases, others_say in zip(beyond[half], beyond[others], strict=True):
            yield half, phrases, others_say


def off_topic(
    phrases: Sequence[str],
    others_say: Sequence[str],
    resources: Sequence[Failing],
    chance: Random,
    half: int,
) -> Iterator[Example]:
    """Questions about a thing that no policy is about, some beside a resource that violates policies all the same.

    Scanners call a thing by the name that it is known by, as they do with what policies are about; people do not.

    Args:
        phrases: What the half of the thesaurus that is looked at knows of it.
        others_say: What the other half does.
        resources: Any.
        chance: Draws.
        half: Which is looked at.
    """
    for text in (
        as_scanners_say(chance.choice(phrases), chance),
        ". ".join(chance.sample(list(phrases), min(2, len(phrases)))),
        plainly(others_say, chance),
    ):
        resource = None if chance.random() < WITHOUT_RESOURCE else chance.choice(resources)
        yield Example(
            f"~{phrases[0]}",
            Finding("", "", text),
            frozenset(),
            None,
            resource,
            frozenset(),
            frozenset(),
            {},
            half,
        )


def questions(
    policy: Policy, description: Description, failing: Failing, chance: Random
) -> Iterator[tuple[str, Finding]]:
    """What scanners might say of a resource that violates a policy, each with the side that it was made of."""
    yield "name", Finding("", "", as_scanners_say(policy.title, chance))
    for share in (0.0, 0.3, 0.6):
        yield "", Finding("", "", swapped(as_scanners_say(policy.title, chance), chance, share))
    yield "name", Finding("", policy.kind or "", "")
    yield "description", Finding("", "", as_scanners_say(policy.description.strip(" ."), chance))
    told = [text for text in SENTENCE.split(description.reasons) if len(text) >= SHORTEST_SENTENCE]
    for text in chance.sample(told, min(2, len(told))):
        yield "reasons", Finding("", "", text.strip(" ."))
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


def field_of(policy: str | None, resource: Failing, chance: Random) -> str | None:
    """The field by which a resource violates a policy, or any field by which it violates one."""
    fields = [
        one.path for one in resource.verdicts if one.path is not None and policy in {None, one.policy_id}
    ]
    return chance.choice(fields) if fields else None


def words_of(description: Description, views: Sequence[str]) -> frozenset[str]:
    """The terms that some sides of a policy show."""
    return frozenset(term for view in views for term in terms(description.view(view)))


def without(text: str, own: frozenset[str]) -> str:
    """The text without the words that a policy uses: what is left must be understood, not found. Empty if little is."""
    kept = [word for word in text.split() if own.isdisjoint(terms(word))]
    return " ".join(kept) if len([word for word in kept if terms(word)]) >= FEWEST_WORDS else ""


def plainly(phrases: Sequence[str], chance: Random) -> str:
    """A sentence of somebody who does not know what the thing is called: some of what people say of it, and noise."""
    said = chance.sample(list(phrases), min(chance.choice((1, 1, 2)), len(phrases)))
    noise = chance.sample(NOISE, chance.choice((0, 2, 4)))
    words = [*said, *noise]
    chance.shuffle(words)
    return " ".join(words)


def beside(finding: Finding, policy: Policy, resource: Failing, chance: Random) -> Finding:
    """The finding, at times with the kind of its resource and the number that a benchmark gives the rule."""
    title = finding.title
    if title and chance.random() < WITH_KIND and resource.review.object is not None:
        title = f"{resource.review.object.get('kind')}: {title}"
    numbers = [tag.removeprefix("cis:") for tag in policy.tags if tag.startswith("cis:")]
    if title and numbers and chance.random() < WITH_NUMBER:
        title = f"{title} (CIS Benchmark {chance.choice(numbers)})"
    return finding._replace(title=title)


def _example(
    policy: Policy,
    side: str,
    finding: Finding,
    resource: Failing,
    chance: Random,
    confidences: Sequence[float],
    others: Sequence[str],
    half: int,
    *,
    hidden: set[str] | None = None,
) -> Example:
    blind = hidden is not None
    if hidden is None:
        hidden = {view for view in VIEWS if view == side or chance.random() < HIDDEN}
    alone = chance.random() < WITHOUT_RESOURCE
    path = None
    if not alone and chance.random() < WITH_FIELD:
        path = field_of(policy.id if chance.random() < RIGHT_FIELD else None, resource, chance)
    absent = resource.gold if chance.random() < WITHOUT_ANSWER else frozenset()
    links: dict[str, float] = {}
    if confidences and not absent and chance.random() < KNOWN_RULE:
        confidence = chance.choice(confidences)
        # What is wrongly known to be a rule fails on the same resources.
        also = sorted(violated(resource.verdicts) - {policy.id}) or others
        links[policy.id if chance.random() < confidence else chance.choice(also)] = confidence
    return Example(
        policy.id,
        finding if blind else beside(finding, policy, resource, chance),
        frozenset(hidden),
        path,
        None if alone else resource,
        resource.gold - absent,
        absent,
        links,
        half,
    )
