"""Which fields of a resource a policy's verdict depends on, read from its syntax tree."""

from jade_policy.reads.fields import Read, reads_of

__all__ = ["Read", "reads_of"]
