"""What is wrong with a policy although it compiles."""

from jade_policy.lint.findings import LintFinding
from jade_policy.lint.policies import lint_policy, lint_tests

__all__ = ["LintFinding", "lint_policy", "lint_tests"]
