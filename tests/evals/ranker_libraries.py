"""Other libraries, made of our own: one that says little of itself, and one of ten thousand policies."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

from jade_policy.library import Library
from jade_policy.policies import Policy, RegoModule
from jade_ranker.domain.rewording import swapped

SEED = 41  # any number that no training uses
COPIES_SEED = 42


class Foreign(NamedTuple):
    """A stand-in for a library that nobody knows.

    Attributes:
        library: its policies stand in the order of ours, so that verdicts are taken over by position.
        names: its ids by ours.
        titled: whether its policies have titles.
    """

    library: Library
    names: Mapping[str, str]
    titled: bool


def foreign(library: Library, *, titled: bool = False) -> Foreign:
    """A library without its METADATA: ids and kinds reworded by rule, and nothing else said but in its Rego.

    Args:
        library: Ours.
        titled: Whether policies have a title, reworded by rule too, as most public libraries have.
    """
    chance = Random(SEED)
    names: dict[str, str] = {}
    for policy in library.policies:
        said = swapped(policy.id.replace("-", " "), chance, 1.0).lower().split()
        name = "-".join(word for word in said if word.isalnum()) or policy.id
        while name in names.values():  # "deny" and "forbid" may both become "prevent"
            name += "-too"
        names[policy.id] = name
    policies = tuple(
        _bare(policy, names[policy.id], swapped(policy.title, chance, 1.0) if titled else "")
        for policy in library.policies
    )
    constraints = tuple(replace(one, policy_id=names[one.policy_id]) for one in library.constraints)
    return Foreign(Library(policies, constraints), names, titled)


def _bare(policy: Policy, name: str, title: str) -> Policy:
    return Policy(
        id=name,
        kind="".join(word.capitalize() for word in name.split("-")),
        module=_uncommented(policy.module),
        libs=tuple(_uncommented(lib) for lib in policy.libs),
        shape=policy.shape,
        entries=policy.entries,
        title=title,
    )


def _uncommented(module: RegoModule) -> RegoModule:
    """The module without the lines that are comments, METADATA among them."""
    lines = [line for line in module.text.splitlines() if not line.lstrip().startswith("#")]
    return replace(module, text="\n".join(lines) + "\n")


class Copies(NamedTuple):
    """A large library.

    Attributes:
        originals: the policy of the small one that each was made of, by id.
    """

    library: Library
    originals: Mapping[str, str]


def copies(library: Library, size: int) -> Copies:
    """A library of `size` policies: each of ours many times, under other names and in other words.

    A number in each name gives every copy a word of its own, as ids of real libraries have.
    """
    chance = Random(COPIES_SEED)
    originals: dict[str, str] = {}
    policies, constraints = [], []
    for number in range(size):
        policy = library.policies[number % len(library.policies)]
        name = f"{policy.id}-team{number}"
        originals[name] = policy.id
        policies.append(
            replace(
                policy,
                id=name,
                title=f"{swapped(policy.title, chance, 0.5)} of team{number}",
                description=swapped(policy.description, chance, 0.5),
            )
        )
        constraints += [replace(one, policy_id=name, name=name) for one in library.constraints_of(policy.id)]
    return Copies(Library(tuple(policies), tuple(constraints)), originals)
