"""The lint of one policy, and of the tests of one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jade_policy.kubernetes_fields import kubernetes_fields
from jade_policy.lint.findings import LintFinding
from jade_policy.lint.negation import undefined_references
from jade_policy.lint.vacuous import vacuous_tests
from jade_policy.policies import Constraint, Policy, RegoModule
from jade_policy.reads import Read, reads_of
from jade_policy.reads.fields import CONTAINER, POD
from jade_policy.rego import SyntaxTree

_IN_CONTAINERS = ("Container", "EphemeralContainer")


def lint_policy(
    policy: Policy, constraints: Iterable[Constraint], trees: Mapping[RegoModule, SyntaxTree]
) -> list[LintFinding]:
    """Find faults that the compiler does not see.

    `unguarded-not`: a negated call with an argument that may be undefined. OPA then finds the rule undefined
    and not the negation true, so that the resource passes.
    `impossible-path`: a field that no kind which the policy matches has, so that the condition on it never holds.

    Args:
        policy: The policy.
        constraints: Its constraints; their kinds are those that are matched.
        trees: The syntax trees of its modules, see `jade_policy.opa.syntax`.
    """
    found = {
        _finding(module, row, "unguarded-not", message)
        for module, row, message in undefined_references(policy, trees)
    }
    for read in reads_of(policy, trees):
        if not _possible(read, constraints):
            message = (
                f"no kind that the policy matches has the field {read}; "
                f"known are the fields of Kubernetes {' and '.join(kubernetes_fields().releases)}"
            )
            found.add(_finding(policy.module, 1, "impossible-path", message))
    return sorted(found)


def lint_tests(module: RegoModule, tree: SyntaxTree, tested: Sequence[str]) -> list[LintFinding]:
    """Find tests that cannot fail.

    Args:
        module: A module of tests.
        tree: Its syntax tree.
        tested: The package under test, for instance `("data", "deny_privileged_pods")`.
    """
    return sorted(
        _finding(module, row, "vacuous-test", message) for row, message in vacuous_tests(tree, tuple(tested))
    )


def _finding(module: RegoModule, row: int, rule: str, message: str) -> LintFinding:
    return LintFinding(module.path, module.line + row - 1, rule, message)


def _possible(read: Read, constraints: Iterable[Constraint]) -> bool:
    fields = kubernetes_fields()
    root, *below = read.path
    if root == CONTAINER:
        return any(fields.possible(name, below) for name in _IN_CONTAINERS)
    if root == POD:
        return fields.possible("PodTemplateSpec", below)
    kinds = list(_kinds(constraints))
    types = [fields.type_of(*kind) for kind in kinds]
    return not kinds or None in types or any(fields.possible(name, read.path) for name in types if name)


def _kinds(constraints: Iterable[Constraint]) -> Iterator[tuple[str, str]]:
    for constraint in constraints:
        for selector in constraint.match.kinds:
            for group in selector.api_groups:
                yield from ((group, kind) for kind in selector.kinds)
