"""How near a finding and a policy are in meaning: by the cosines of sentence vectors, whoever computed them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.policies import Policy
from jade_ranker.domain.descriptions import spoken
from jade_ranker.domain.metric import Metric
from jade_ranker.domain.products import Rows
from jade_ranker.domain.questions import Finding

Floats = NDArray[np.float32]

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""The words of an identifier: ``K8sPSPHostNetwork`` is read as a person would read it."""


MESSAGES = 300
"""Characters of a policy's messages, about 70 tokens: all of them double the time and put no more policies first."""


class Text(NamedTuple):
    """A short text of a policy.

    Attributes:
        policy: its place in the library.
        views: the sides from which it shows the policy: ``name``, ``description``, ``messages``.
    """

    policy: int
    views: frozenset[str]
    text: str


def texts_of(library: Library) -> tuple[Text, ...]:
    """What is embedded of each policy, in the library's order: up to four texts, at least one.

    Several short texts, each seen from one side, tell policies apart better than a long one: of Checkov's 25 and
    kube-linter's 37 rules that have a policy of ours, the mean of the four cosines puts it first for 0.88 and 0.65, the
    largest for 0.80 and 0.49, title and description as one text for 0.76 and 0.51. The rationale makes it worse.
    """
    return tuple(
        Text(place, frozenset(views), text)
        for place, policy in enumerate(library.policies)
        for views, text in _texts(policy)
    )


def _texts(policy: Policy) -> list[tuple[tuple[str, ...], str]]:
    name = policy.title or in_words(policy.kind or policy.id)
    found: list[tuple[tuple[str, ...], str]] = [(("name",), name)]
    if policy.description:
        found += [
            (("name", "description"), f"{name}. {policy.description}"),
            (("description",), policy.description),
        ]
    messages, _ = spoken(policy)
    if messages:
        joined = ". ".join(" ".join(one.split()) for one in messages)
        found.append((("messages",), joined[:MESSAGES]))
    if reason := policy.custom.get("rationale"):
        found.append((("reasons",), str(reason)))
    return found


def text_of(finding: Finding) -> str:
    """What is embedded of a finding: what its scanner calls it, else what it says of the one resource.

    A rule's id that is made of words says as much as its title, and a number says nothing.

    >>> text_of(Finding("kube-linter", "run-as-non-root", "Indicates when containers may run as root"))
    'run as non root: Indicates when containers may run as root'
    >>> text_of(Finding("checkov", "CKV_K8S_16", "Container should not be privileged"))
    'Container should not be privileged'
    """
    said = finding.title or finding.message
    rule = "" if any(letter.isdigit() for letter in finding.rule_id) else in_words(finding.rule_id)
    if rule and said and rule.lower() not in said.lower():
        return f"{rule}: {said}"
    return said or rule or finding.rule_id


def in_words(identifier: str) -> str:
    """An identifier as a person would read it.

    >>> in_words("JadeDenyHostPathVolumes"), in_words("run-as-non-root")
    ('Jade Deny Host Path Volumes', 'run as non root')
    """
    return " ".join(WORD.findall(identifier))


class Meanings:
    """What the policies of one library mean."""

    def __init__(self, texts: Sequence[Text], vectors: Floats) -> None:
        """Take the ``vectors`` of :func:`texts_of` a library, shape (len(texts), dimensions), unit length."""
        self._texts = tuple(texts)
        self._vectors = vectors
        self._policies = 1 + max((one.policy for one in self._texts), default=-1)
        self._seen = lru_cache(maxsize=32)(self._mean)  # a training hides the views in every combination

    def through(self, metric: Metric) -> "Meanings":
        """The same, compared by what ``metric`` makes of the vectors."""
        return Meanings(self._texts, metric.of(self._vectors))

    def similarities(self, vectors: Floats, hidden: frozenset[str] = frozenset()) -> Floats:
        """How near each policy is to what was said, the mean of the cosines with its texts.

        Args:
            vectors: Of one text, shape (dimensions,), or of several, (n, dimensions); unit length.
            hidden: Views that are not looked at; a policy of which nothing is seen is as near as 0.

        Returns:
            Shape (policies,) or (n, policies), -1 to 1.
        """
        return self._seen(hidden).times(vectors)

    def _mean(self, hidden: frozenset[str]) -> Rows:
        """The mean vector of each policy's texts: the mean of cosines is a product with it."""
        shown = [number for number, one in enumerate(self._texts) if one.views.isdisjoint(hidden)]
        owners = np.array([self._texts[number].policy for number in shown], dtype=np.intp)
        summed = np.zeros((self._policies, self._vectors.shape[1]), dtype=np.float32)
        np.add.at(summed, owners, self._vectors[shown])
        counts = np.bincount(owners, minlength=self._policies).astype(np.float32)
        summed /= np.maximum(counts, 1)[:, None]
        return Rows(summed)
