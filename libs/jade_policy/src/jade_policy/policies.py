"""Policies, the constraints that configure them, and the Rego that they are written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

InputShape = Literal["review", "object"]
EntryKind = Literal["set", "value"]


@dataclass(frozen=True, slots=True)
class RegoModule:
    """One module of Rego as its author wrote it.

    Attributes:
        text: the source.
        version: 0 or 1, the language that the text is written in.
        package: the components of its package.
        path: the file that it stands in, relative to the library.
        line: the line of that file on which the text begins, from 1.
        version_stated: whether the author said so; otherwise `version` is a guess from the syntax.
    """

    text: str
    version: Literal[0, 1]
    package: tuple[str, ...]
    path: str
    line: int = 1
    version_stated: bool = False


@dataclass(frozen=True, slots=True)
class Remediation:
    """One step that puts a violation right.

    Attributes:
        path: the field that changes, with placeholders such as `{container}`; empty if only `note` is known.
        operation: `set`, `remove`, `create` and the like.
        value: what it is set to; None where that is for a person to say.
        behaviour_changing: whether the workload may run differently afterwards.
        needs_human: whether the right value cannot be known from the manifest.
    """

    path: str = ""
    operation: str = ""
    value: Any = None
    behaviour_changing: bool = True
    needs_human: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a library.

    Attributes:
        id: what everything else calls it; unique in its library.
        kind: the kind of its constraints, None for a plain .rego file.
        module: the entry module.
        libs: the modules that it may import.
        shape: `review` for Gatekeeper's input, `object` for the bare resource (conftest).
        entries: the rules whose answers are violations, and whether each is a set or a single value.
        inventory: what it must see of the cluster to judge at all, in its author's words.
        custom: everything else its METADATA or the index says.
    """

    id: str
    kind: str | None
    module: RegoModule
    libs: tuple[RegoModule, ...] = ()
    shape: InputShape = "review"
    entries: tuple[tuple[str, EntryKind], ...] = (("violation", "set"),)
    title: str = ""
    description: str = ""
    severity: str = "medium"
    tags: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    reliability: str = ""
    inventory: tuple[str, ...] = ()
    remediation: tuple[Remediation, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KindSelector:
    """One entry of `match.kinds`; an empty tuple or `*` means any."""

    api_groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement on labels, in the words of `matchExpressions`."""

    key: str
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What a constraint applies to. The empty match applies to everything.

    A selector of None is one that was not written; an empty tuple of requirements matches all labels.
    """

    kinds: tuple[KindSelector, ...] = ()
    namespaces: tuple[str, ...] = ()
    excluded_namespaces: tuple[str, ...] = ()
    labels: tuple[Requirement, ...] | None = None
    namespace_labels: tuple[Requirement, ...] | None = None
    scope: str = "*"
    name: str = ""
    source: Literal["All", "Original", "Generated"] = "All"

    @property
    def pods_only(self) -> bool:
        """Whether nothing but Pods can match, so that a workload is judged by the Pod it makes."""
        return bool(self.kinds) and all(
            selector.kinds == ("Pod",)
            and (not selector.api_groups or not {"", "*"}.isdisjoint(selector.api_groups))
            for selector in self.kinds
        )


@dataclass(frozen=True, slots=True)
class Constraint:
    """One configuration of a policy: parameters and what it applies to.

    Attributes:
        name: None for the one that stands in where a policy has none: no parameters, applies to everything.
        enforcement_action: `deny`, `dryrun`, `warn` or `scoped`; all of them are judged alike.
    """

    policy_id: str
    name: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    match: Match = field(default_factory=Match)
    enforcement_action: str = "deny"
    path: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in a library that was skipped, and why.

    Attributes:
        path: the file, relative to the library.
        line: from 1; None when the whole file is meant.
        policy_id: the policy that is missing because of it, where that is known.
    """

    path: str
    line: int | None
    policy_id: str | None
    reason: str

    def __str__(self) -> str:
        """`path:line: reason`, as compilers write it."""
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.reason}"
