"""What is known of a policy in words: by what it is called, says, answers, advises and reads.

A foreign policy often has nothing but its Rego: then its messages and the fields that it reads speak for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from jade_policy.errors import RegoError
from jade_policy.library import Library
from jade_policy.policies import Constraint, Policy
from jade_policy.reads import Read
from jade_policy.rego import literals, parse

VIEWS = ("name", "description", "reasons", "messages", "fix", "fields")
"""The sides from which a policy is seen, each compared with a finding by itself: they differ in what they are worth."""

PLACEHOLDER = re.compile(r"%[-+#]?\d*[a-zA-Z]|\{[^{}]*\}|`[^`]*`|<[^<>]*>")
"""What a message leaves open: ``sprintf``'s verbs, template expressions."""

DETAILS = frozenset({"msg", "details", "path"})
"""Keys of what Gatekeeper is answered with; they stand in every policy."""

REFERENCE = re.compile(
    r"\bcis[\s:-]*(?:benchmark|control|kubernetes|v?1\.\d+)?[\s:-]*(\d\.\d{1,2}(?:\.\d{1,2})?)\b",
    re.IGNORECASE,
)
"""A number of the CIS Kubernetes Benchmark, as tags and scanners write it."""


class Description(NamedTuple):
    """The words of one policy, by view.

    Attributes:
        reasons: why there is such a policy.
        fields: names of the fields that decide its verdict, and the constants that it compares with.
        paths: the components of those fields.
        kinds: the kinds that it is meant for; empty for all.
        references: numbers of the CIS benchmark.
    """

    name: str
    description: str
    reasons: str
    messages: str
    fix: str
    fields: str
    paths: tuple[tuple[str, ...], ...]
    kinds: frozenset[str]
    references: frozenset[str]

    def view(self, name: str) -> str:
        """The text of one of :data:`VIEWS`."""
        text: str = getattr(self, name)
        return text


def descriptions_of(library: Library, reads: Mapping[str, Sequence[Read]]) -> tuple[Description, ...]:
    """Describe each policy of a library, in its order.

    Args:
        library: The policies with their constraints.
        reads: By id, the fields that decide a policy's verdict; a policy may be missing.
    """
    return tuple(
        description_of(policy, library.constraints_of(policy.id), reads.get(policy.id, ()))
        for policy in library.policies
    )


def description_of(policy: Policy, constraints: Iterable[Constraint], reads: Sequence[Read]) -> Description:
    """Describe one policy."""
    sentences, constants = spoken(policy)
    paths = tuple(read.path for read in reads)
    own = policy.custom
    remedies = [f"{step.path} {step.note}" for step in policy.remediation]
    parameters = {
        reference.path[1]
        for reference in parse(policy.module.text).references
        if reference.root == "input" and len(reference.path) > 1 and reference.path[0] == "parameters"
    }
    matches = [constraint.match for constraint in constraints]
    kinds = frozenset(kind for match in matches for one in match.kinds for kind in one.kinds if kind != "*")
    everything = not matches or any(
        not match.kinds or any(not one.kinds or "*" in one.kinds for one in match.kinds) for match in matches
    )
    reasons = [str(own[key]) for key in ("rationale", "severity_reason") if isinstance(own.get(key), str)]
    text = " ".join([policy.title, policy.description, *reasons, *policy.tags])
    return Description(
        name=" ".join([policy.id.replace("-", " "), policy.kind or "", policy.title]),
        description=policy.description,
        reasons=" ".join(reasons),
        messages=" ".join(sentences),
        fix=" ".join(remedies),
        fields=" ".join(
            [*(" ".join(named(path)) for path in paths), *policy.features, *constants, *sorted(parameters)]
        ),
        paths=paths,
        kinds=frozenset() if everything else kinds,
        references=references_of(text),
    )


def spoken(policy: Policy) -> tuple[list[str], list[str]]:
    """What a policy's own module says in sentences, and the words that it compares with."""
    try:
        found = [text for text in literals(policy.module.text) if text not in DETAILS]
    except RegoError:  # such a policy is never loaded
        found = []
    plain = [PLACEHOLDER.sub(" ", text).strip() for text in found]
    return [text for text in plain if " " in text], [text for text in plain if text and " " not in text]


def named(path: Sequence[str]) -> list[str]:
    """The components of a path that are names: neither a placeholder nor any member."""
    return [name for name in path if name != "*" and not name.startswith("{")]


def references_of(text: str) -> frozenset[str]:
    """The numbers of the CIS benchmark that a text names.

    >>> sorted(references_of("CIS Benchmark 5.1.4 and cis:5.2.3"))
    ['5.1.4', '5.2.3']
    """
    return frozenset(REFERENCE.findall(text))
