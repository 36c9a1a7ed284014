"""Our own policies and their tests are free of what our own lint finds."""

from pathlib import Path

import pytest

from jade_policy.library import own_library
from jade_policy.lint import lint_policy, lint_tests
from jade_policy.opa.syntax import syntax_trees
from jade_policy.policies import Policy, RegoModule


@pytest.fixture(scope="module")
def library():
    return own_library()


def test_no_policy_has_a_fault_that_the_lint_knows(library, opa):
    trees = syntax_trees(library.policies, Path(opa))
    found = [
        str(finding)
        for policy in library.policies
        for finding in lint_policy(policy, library.constraints_of(policy.id), trees)
    ]
    assert found == []


def test_no_test_passes_whatever_the_policy_says(library, policies, opa):
    modules = [
        RegoModule(path.read_text(), 1, (f"{path.parent.name.replace('-', '_')}_test",), str(path))
        for path in sorted((policies / "gatekeeper").glob("*/policy_test.rego"))
    ]
    trees = syntax_trees([Policy(module.path, None, module) for module in modules], Path(opa))
    found = [
        str(finding)
        for module in modules
        for finding in lint_tests(
            module, trees[module], ["data", Path(module.path).parent.name.replace("-", "_")]
        )
    ]
    assert len(modules) >= len(library.policies)
    assert found == []
