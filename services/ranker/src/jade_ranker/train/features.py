"""The features of examples, as the fit needs them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from jade_policy.library import Library
from jade_ranker.domain.feature_names import PATH, RESOURCE
from jade_ranker.domain.judged import Judged, asked_beside, fields_of, of_path
from jade_ranker.domain.pairs import Floats, Pairs
from jade_ranker.domain.semantics import text_of
from jade_ranker.train.examples import Example
from jade_ranker.train.fitting import Question

VIOLATED = RESOURCE.index("violated")


def questions_of(
    library: Library, halves: Sequence[Pairs], examples: Iterable[Example], vectors: Mapping[str, Floats]
) -> Iterator[Question]:
    """The features of each example.

    Args:
        library: The policies.
        halves: What computes features of it, with each half of the thesaurus.
        examples: See :mod:`jade_ranker.train.examples`.
        vectors: What the texts mean; empty without vectors.
    """
    ids: Sequence[str] = [policy.id for policy in library.policies for _ in library.constraints_of(policy.id)]
    judged = Judged(library)
    for one in examples:
        absent = np.array([policy in one.absent for policy in ids])
        pairs = halves[one.half]
        vector = vectors.get(text_of(one.finding))
        said = pairs.said(one.finding, vector, hidden=one.hidden, absent=absent, links=one.links)
        path = np.zeros((len(ids), len(PATH)), np.float32)
        if one.failing is None:
            resource, asked = judged.unjudged(), said.asked
        else:
            resource = judged.of_resource(one.failing.verdicts, one.failing.facts)
            asked = asked_beside(said.asked, violated=bool(resource[:, VIOLATED].any()))
            if one.path:
                path = of_path(one.path, fields_of(one.failing.verdicts), len(ids))
        right = np.array([policy == one.policy for policy in ids]) & ~absent
        gold = np.array([policy in one.gold for policy in ids]) & ~absent
        yield Question(
            np.concatenate([said.pairs, path, resource], axis=1, dtype=np.float64),
            asked.astype(np.float64),
            right,
            gold | right,
            ~absent & (right | ~gold),
            ~absent,
            one.policy,
        )
