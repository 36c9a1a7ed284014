"""What goes wrong with a stack."""

from jade_common.errors import JadeError


class StackError(JadeError):
    """The stack could not do what was asked; the message says which part, why, and where to look."""
