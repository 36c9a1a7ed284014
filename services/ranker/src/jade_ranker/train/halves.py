"""The thesaurus in two halves: what is asked in the words of one must be found by those of the other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jade_policy.library import Library
from jade_ranker.domain.thesaurus import Concept, Thesaurus

OWN = 0.5
"""How far a policy must be about a concept that questions are made of its phrases."""

FAR = 0.25
"""Below it, a policy only touches a concept."""

SHARED_BY = 8
"""A concept that more policies are about does not tell them apart."""


def halves(thesaurus: Thesaurus) -> tuple[Thesaurus, Thesaurus]:
    """Each with every other phrase of every concept."""
    concepts = thesaurus.concepts.values()
    return Thesaurus(half(one, 0) for one in concepts), Thesaurus(half(one, 1) for one in concepts)


def half(concept: Concept, number: int) -> Concept:
    """The concept with every other of its phrases."""
    return concept._replace(says=concept.says[number::2], hints=concept.hints[number::2])


class Saying(NamedTuple):
    """What people say of a thing, and who is about it.

    Attributes:
        phrases: of one concept.
        policies: that are about it as much as the one that is asked for: each is as right.
    """

    phrases: Sequence[str]
    policies: frozenset[str]


def sayings(
    library: Library, thesaurus: Thesaurus, of_each: Sequence[Mapping[str, float]]
) -> dict[str, list[Saying]]:
    """By policy, the phrases of each concept that it is about, as ``thesaurus`` has them.

    Args:
        library: The policies.
        thesaurus: The half whose phrases are said.
        of_each: How far each policy is about what, in the library's order.
    """
    holders: dict[str, dict[str, float]] = {}
    for policy, found in zip(library.policies, of_each, strict=True):
        for concept, sure in found.items():
            if sure >= OWN:
                holders.setdefault(concept, {})[policy.id] = sure
    return {
        policy.id: [
            Saying(said, frozenset(one for one, sure in about.items() if sure >= about[policy.id]))
            for concept in found
            if policy.id in (about := holders.get(concept, {}))
            and len(about) <= SHARED_BY
            and (said := thesaurus.concepts[concept].says)
        ]
        for policy, found in zip(library.policies, of_each, strict=True)
    }


def beyond(parts: Sequence[Thesaurus], of_each: Sequence[Mapping[str, float]]) -> list[list[Sequence[str]]]:
    """By half, the phrases of each concept that no policy is about, not even from afar, and that both halves know."""
    near = {concept for found in of_each for concept, sure in found.items() if sure >= FAR}
    free = [
        concept
        for concept in parts[0].concepts
        if concept not in near and all(part.concepts[concept].says for part in parts)
    ]
    return [[part.concepts[concept].says for concept in free] for part in parts]
