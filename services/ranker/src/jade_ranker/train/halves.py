"""The thesaurus in two halves: what is asked in the words of one must be found by those of the other."""

from collections.abc import Mapping, Sequence

from jade_policy.library import Library
from jade_ranker.domain.thesaurus import Concept, Thesaurus

OWN = 0.5
"""How sure a policy must be about a concept that questions are made of its phrases."""

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


def sayings(
    library: Library, thesaurus: Thesaurus, of_each: Sequence[Mapping[str, float]]
) -> dict[str, list[Sequence[str]]]:
    """By policy, the phrases of each concept that it is about, as ``thesaurus`` has them.

    Args:
        library: The policies.
        thesaurus: The half whose phrases are said.
        of_each: What each policy is about, in the library's order.
    """
    holders: dict[str, int] = {}
    for found in of_each:
        for concept, sure in found.items():
            holders[concept] = holders.get(concept, 0) + (sure >= OWN)
    return {
        policy.id: [
            thesaurus.concepts[concept].says
            for concept, sure in found.items()
            if sure >= OWN and holders[concept] <= SHARED_BY and thesaurus.concepts[concept].says
        ]
        for policy, found in zip(library.policies, of_each, strict=True)
    }


def beyond(thesaurus: Thesaurus, of_each: Sequence[Mapping[str, float]]) -> list[Sequence[str]]:
    """The phrases of each concept that no policy is about, not even from afar."""
    near = {concept for found in of_each for concept, sure in found.items() if sure >= FAR}
    return [one.says for concept, one in thesaurus.concepts.items() if concept not in near and one.says]
