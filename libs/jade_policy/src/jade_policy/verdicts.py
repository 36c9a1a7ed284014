"""What is judged, and what the judgement says."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

VerdictName = Literal["violated", "passed", "not_applicable", "unknown"]


class Review(NamedTuple):
    """One resource to judge, as an admission request would carry it.

    Attributes:
        object: the resource; None for a DELETE, whose resource is `old_object`.
        old_object: the resource as it was before an UPDATE or DELETE.
        user_info: who asks.
        namespace_object: the Namespace that the resource lives in; else it is looked up in the inventory.
        inventory: Gatekeeper's `data.inventory`; None when nothing is known of the cluster. Reviews that
            share one mapping are sent to the engine together with it, once.
    """

    object: Mapping[str, Any] | None
    operation: str = "CREATE"
    old_object: Mapping[str, Any] | None = None
    user_info: Mapping[str, Any] | None = None
    namespace_object: Mapping[str, Any] | None = None
    inventory: Mapping[str, Any] | None = None


class Violation(NamedTuple):
    """One thing that a policy found.

    Attributes:
        path: JSON pointer into the resource that was judged, None when the policy names none.
    """

    message: str
    path: str | None = None


class Verdict(NamedTuple):
    """What one policy, under one constraint, says of one resource.

    Attributes:
        constraint: None where the policy has no constraint of its own.
        via: `pod` when a workload was judged by the Pod that its template makes.
        reason: why the verdict is `unknown` or `not_applicable`.
        enforcement: the constraint's enforcementAction; `warn` for an answer of a rule named `warn`.
        transient: the verdict is `unknown` for a reason that may pass (OPA was gone, the limit exceeded), so
            it must not be kept.
        needs_cluster: the verdict is `unknown` because more of the cluster must be known than was given (the
            inventory, a Namespace): no failure of the policy.
    """

    policy_id: str
    constraint: str | None
    verdict: VerdictName
    via: Literal["pod"] | None = None
    violations: tuple[Violation, ...] = ()
    reason: str | None = None
    enforcement: str = "deny"
    transient: bool = False
    needs_cluster: bool = False

    @property
    def messages(self) -> tuple[str, ...]:
        """The messages of all violations, in the engine's order."""
        return tuple(violation.message for violation in self.violations)

    @property
    def path(self) -> str | None:
        """The field of the first violation that names one."""
        return next((violation.path for violation in self.violations if violation.path is not None), None)
