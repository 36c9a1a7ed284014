"""The fields of a resource that a policy reads, under one name for every kind of workload."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from jade_policy.pod_templates import TEMPLATE_PATHS
from jade_policy.policies import Policy, RegoModule
from jade_policy.reads.interpreter import Interpreter
from jade_policy.reads.values import Path
from jade_policy.rego import SyntaxTree
from jade_policy.resources import CONTAINER_LISTS

POD = "{pod}"  # the pod template, or the Pod itself
CONTAINER = "{container}"  # a member of a list of containers of the pod

_TEMPLATES = sorted(set(TEMPLATE_PATHS.values()), key=len, reverse=True)
# Fields of a pod spec that no other object keeps right below its `spec`.
_POD_FIELDS = frozenset(
    {*CONTAINER_LISTS, "volumes", "securityContext", "hostNetwork", "hostPID", "hostIPC", "nodeSelector"}
    | {"serviceAccountName", "serviceAccount", "automountServiceAccountToken", "affinity", "tolerations"}
    | {"priorityClassName", "restartPolicy", "dnsConfig", "dnsPolicy", "topologySpreadConstraints", "os"}
    | {"hostUsers", "shareProcessNamespace", "nodeName", "runtimeClassName", "imagePullSecrets"}
    | {"enableServiceLinks", "terminationGracePeriodSeconds", "hostAliases", "schedulerName", "hostname"}
)


@dataclass(frozen=True, slots=True, order=True)
class Read:
    """A field that a verdict depends on.

    Attributes:
        path: its components; ``*`` is any member. A path in a pod starts with ``{pod}``, one in a container with
            ``{container}``, whatever the kind of the workload and the list of containers.
        lists: the lists of containers in which it is read, of a path in a container.
    """

    path: Path
    lists: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The path as a pointer, for instance ``{container}/securityContext/privileged``."""
        return "/".join(self.path)


def reads_of(policy: Policy, trees: Mapping[RegoModule, SyntaxTree]) -> tuple[Read, ...]:
    """The fields of the resource that decide a policy's verdict, sorted.

    What only stands in a message is left out, and so is a field above another that is read: who looks at
    ``spec.hostNetwork`` looks at ``spec``. Otherwise the result is a superset of the fields that matter.

    Args:
        policy: The policy.
        trees: The syntax trees of its modules, see `jade_policy.opa.syntax`.
    """
    interpreter = Interpreter(trees[module] for module in (policy.module, *policy.libs))
    package = ("data", *policy.module.package)
    found: set[Path] = set()
    for entry, _ in policy.entries:
        found |= interpreter.conditions((*package, entry))
    root = ("input",) if policy.shape == "object" else ("input", "review", "object")
    paths = {path[len(root) :] for path in found if path[: len(root)] == root and len(path) > len(root)}
    lists: dict[Path, set[str]] = {}
    for path in paths:
        name, container_list = _canonical(path)
        lists.setdefault(name, set()).update(container_list)
    return tuple(
        sorted(Read(path, tuple(sorted(lists[path]))) for path in lists if not _implied(path, lists))
    )


def _canonical(path: Path) -> tuple[Path, Iterable[str]]:
    for template in _TEMPLATES:
        below = path[len(template) :]
        if path[: len(template)] == template and below[:1] in {(), ("spec",), ("metadata",)}:
            return _in_pod(below)
    if path[:1] == ("spec",) and path[1:2] and path[1] in _POD_FIELDS:
        return _in_pod(path)
    return path, ()


def _in_pod(path: Path) -> tuple[Path, Iterable[str]]:
    if path[:1] == ("spec",) and len(path) > 2 and path[1] in CONTAINER_LISTS:  # noqa: PLR2004
        return (CONTAINER, *path[3:]), (path[1],)
    return (POD, *path), ()


def _implied(path: Path, others: Collection[Path]) -> bool:
    """Whether another path says as much: a longer one, or the same one in the pod.

    A template that may be the object itself (of a Pod) is read right below `spec` too. What tells where the
    template is, is no field of its own.
    """
    if any(len(other) > len(path) and other[: len(path)] == path for other in others):
        return True
    in_containers = any(other[0] == CONTAINER for other in others)
    if path == (POD,):
        return in_containers or any(other[0] == POD and other != path for other in others)
    if path[0] == POD:
        return in_containers and (path == (POD, "spec") or path[2:3] in {(name,) for name in CONTAINER_LISTS})
    if path in {("apiVersion",), ("kind",), ("spec",)}:
        return in_containers or any(other[0] == POD for other in others)
    return path[0] == "spec" and (POD, *path) in others
