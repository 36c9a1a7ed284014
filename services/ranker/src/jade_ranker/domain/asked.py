"""A finding's words taken apart: terms, fields, kinds and numbers of benchmarks that it names."""

import re
from collections.abc import Container, Mapping
from typing import NamedTuple

from jade_ranker.domain.descriptions import references_of
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.synonyms import widened
from jade_ranker.domain.terms import terms

MESSAGE = 0.4
"""What a word of the message weighs where there is a title: messages hold names of containers and counts too. It adds
to what the same word weighs in the title, which may be about several things where the message is about one."""

IDENTIFIER = re.compile(
    r"[a-z]+(?:[A-Z][A-Za-z0-9]*)+"
    r"|(?<=[`'\"./=])[A-Za-z][A-Za-z0-9]*"
    r"|[A-Za-z][A-Za-z0-9]*(?=[`'\"./=:]\S)"
)
"""What looks like a field: camelCase, in quotes, or a step of a path."""

KIND = re.compile(r"\b[A-Z][a-z]+(?:[A-Z]+[a-z]*)*\b|\b[a-z]{3,}\b")


class Asked(NamedTuple):
    """A finding's words, as they are compared.

    Attributes:
        terms: what each term weighs.
        widened: the same with what may stand in for them.
        identifiers: what looks like a field, in lower case.
        kinds: kinds of resources, in lower case.
        references: numbers of the CIS benchmark.
    """

    terms: Mapping[str, float]
    widened: Mapping[str, float]
    text: str
    identifiers: frozenset[str]
    kinds: frozenset[str]
    references: frozenset[str]


def asked_of(finding: Finding, kinds: Container[str]) -> Asked:
    """Take a finding's words apart.

    Args:
        finding: The words.
        kinds: The kinds that there are, in lower case.
    """
    title = f"{finding.rule_id} {finding.title}"
    weights = dict.fromkeys(terms(title), 1.0)
    for term in dict.fromkeys(terms(finding.message)):
        weights[term] = weights.get(term, 0.0) + (MESSAGE if finding.title else 1.0)
    text = f"{title} {finding.message}"
    return Asked(
        terms=weights,
        widened={term: share * weights.get(term, 1.0) for term, share in widened(list(weights)).items()},
        text=text,
        identifiers=frozenset(found.lower() for found in IDENTIFIER.findall(text)),
        kinds=frozenset(
            form
            for found in set(KIND.findall(text))
            for form in (found.lower(), found.lower().removesuffix("s"))
            if form in kinds
        ),
        references=references_of(text),
    )
