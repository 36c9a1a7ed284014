"""What is wrong with the source of a policy."""

from jade_policy.errors import PolicyError


class SourceError(PolicyError):
    """A policy's source that nothing can be generated from; says which file, what, and what to do."""
