"""What to ask the engine about a resource: which policies apply, and as what they see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from jade_policy.errors import MatchError
from jade_policy.library import Library
from jade_policy.match import Target, group_of, kinds_match, matches
from jade_policy.opa.bundle import Bundle, Unit
from jade_policy.policies import Constraint
from jade_policy.resources import as_pod, pod_pointer
from jade_policy.verdicts import Review, Verdict

_JSON = orjson.OPT_NON_STR_KEYS


class Binding(NamedTuple):
    """One constraint of one policy: a place in the list of verdicts that every review gets.

    Attributes:
        passed: the verdict of what passes as it is, and as the Pod of its workload.
    """

    place: int
    unit: Unit
    constraint: Constraint
    kinds_suffice: bool
    passed: tuple[Verdict, Verdict]

    def verdict(self, name: Any, **rest: Any) -> Verdict:
        """A verdict of this policy under this constraint."""
        rest.setdefault("enforcement", self.constraint.enforcement_action)
        return Verdict(self.unit.policy.id, self.constraint.name, name, **rest)


@dataclass(slots=True)
class Task:
    """One document for OPA: a review as it is, or the Pod of its workload.

    Attributes:
        number: the review's place among those that are judged together.
        document: its `review` as JSON.
        pod_pointer: where the Pod stands in the workload; None when the resource itself is judged.
        wanted: by unit, the bindings that wait for its answer.
        answers: by unit, what OPA said, or the exception that says why it did not.
    """

    number: int
    document: bytes
    pod_pointer: str | None
    wanted: dict[str, list[Binding]]
    answers: dict[str, Any] = field(default_factory=dict)


class Planner:
    """Decides for each review which policies apply, in Python, so that OPA evaluates no others."""

    def __init__(self, library: Library, bundle: Bundle, only: frozenset[str] | None = None) -> None:
        self.bindings: list[Binding] = []
        for policy in library.policies:
            if only is not None and policy.id not in only:
                continue
            for constraint in library.constraints_of(policy.id):
                match = constraint.match
                bare = (match.scope, match.name, match.source) == ("*", "", "All")
                selective = match.namespaces or match.excluded_namespaces
                kinds_suffice = (
                    bare and not selective and match.labels is None and match.namespace_labels is None
                )
                unit = bundle.units[policy.id, constraint.name]
                as_it_is = Verdict(
                    policy.id, constraint.name, "passed", enforcement=constraint.enforcement_action
                )
                passed = as_it_is, as_it_is._replace(via="pod")
                self.bindings.append(Binding(len(self.bindings), unit, constraint, kinds_suffice, passed))
        self._not_applicable = [
            binding.verdict("not_applicable", reason="its match excludes this resource")
            for binding in self.bindings
        ]
        self._pod_bindings = [binding for binding in self.bindings if binding.constraint.match.pods_only]
        self._by_kind: dict[tuple[str, str], list[Binding]] = {}

    @property
    def needing_cluster(self) -> frozenset[str]:
        """The policies whose verdict may depend on a review's inventory."""
        return frozenset(
            binding.unit.policy.id
            for binding in self.bindings
            if binding.unit.reads_inventory
            or binding.unit.reads_namespace
            or binding.unit.policy.inventory
            or binding.constraint.match.namespace_labels is not None
        )

    def plan(self, number: int, review: Review) -> tuple[list[Verdict], list[Task]]:
        """Decide what can be decided; the tasks hold the rest, their places filled in later."""
        verdicts = list(self._not_applicable)
        deleted = review.operation == "DELETE" and review.object is None
        obj = review.old_object if deleted else review.object
        if obj is None:
            return self._all_unknown("the review holds no object"), []
        namespace = _namespace_object(review, obj)
        olds = [review.old_object] if review.old_object is not None and not deleted else []
        targets = [Target.of(each, namespace) for each in (obj, *olds)]
        wanted = self._select(self._candidates(targets[0]), targets, review, verdicts)
        try:
            tasks = (
                [Task(number, _document(review, obj, targets[0], namespace), None, wanted)] if wanted else []
            )
            if self._pod_bindings and targets[0].kind != "Pod":
                tasks += self._pod_task(number, review, obj, namespace, verdicts)
        except TypeError as error:  # orjson: an integer beyond 64 bits, text that is no Unicode, too deep
            return self._all_unknown(f"the resource cannot be written as JSON: {error}"), []
        return verdicts, tasks

    def _pod_task(
        self,
        number: int,
        review: Review,
        obj: Mapping[str, Any],
        namespace: Mapping[str, Any] | None,
        verdicts: list[Verdict],
    ) -> list[Task]:
        workload = dict(obj)
        pod = as_pod(workload)
        if pod is None:
            return []
        target = Target.of(pod, namespace, "Generated")
        wanted = self._select(self._pod_bindings, [target], review, verdicts)
        if not wanted:
            return []
        before = as_pod(dict(review.old_object)) if review.old_object is not None else None
        as_review = review._replace(object=pod, old_object=before)
        return [Task(number, _document(as_review, pod, target, namespace), pod_pointer(workload), wanted)]

    def _select(
        self, bindings: Sequence[Binding], targets: Sequence[Target], review: Review, verdicts: list[Verdict]
    ) -> dict[str, list[Binding]]:
        wanted: dict[str, list[Binding]] = {}
        for binding in bindings:
            try:
                match = binding.constraint.match
                if not binding.kinds_suffice and not any(matches(match, target) for target in targets):
                    continue
            except MatchError as error:
                verdicts[binding.place] = binding.verdict("unknown", reason=str(error), needs_cluster=True)
                continue
            needs = binding.unit.policy.inventory
            if needs and review.inventory is None:
                reason = f"needs {', '.join(needs)}; no inventory was given"
                verdicts[binding.place] = binding.verdict("unknown", reason=reason, needs_cluster=True)
            else:
                wanted.setdefault(binding.unit.key, []).append(binding)
        return wanted

    def _candidates(self, target: Target) -> list[Binding]:
        """The bindings whose kinds take a resource of this kind."""
        key = target.group, target.kind
        found = self._by_kind.get(key)
        if found is None:
            found = [b for b in self.bindings if kinds_match(b.constraint.match.kinds, *key)]
            if len(self._by_kind) < 4096:  # noqa: PLR2004  # kinds are few, but a resource may claim any
                self._by_kind[key] = found
        return found

    def _all_unknown(self, reason: str) -> list[Verdict]:
        return [binding.verdict("unknown", reason=reason) for binding in self.bindings]


def _document(
    review: Review, obj: Mapping[str, Any], target: Target, namespace: Mapping[str, Any] | None
) -> bytes:
    """The admission request of Gatekeeper's input, as JSON."""
    api_version = obj.get("apiVersion")
    request: dict[str, Any] = {
        "uid": "",
        "kind": {
            "group": group_of(api_version),
            "version": api_version.rpartition("/")[2] if isinstance(api_version, str) else "",
            "kind": target.kind,
        },
        "name": target.text("name"),
        "operation": review.operation,
        "userInfo": review.user_info or {},
        "object": obj,
        "oldObject": review.old_object,
    }
    if target.text("namespace"):
        request["namespace"] = target.text("namespace")
    if namespace is not None:
        request["namespaceObject"] = namespace
    return orjson.dumps(request, option=_JSON)


def _namespace_object(review: Review, obj: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The Namespace that the resource lives in: the review's own, else the inventory's."""
    if review.namespace_object is not None:
        return review.namespace_object
    metadata = obj.get("metadata")
    name = metadata.get("namespace") if isinstance(metadata, Mapping) else None
    if not isinstance(name, str) or review.inventory is None:
        return None
    found: Any = review.inventory
    for key in ("cluster", "v1", "Namespace", name):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None
