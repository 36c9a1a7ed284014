"""Errors that end a command: what, where, why, and what to do next, in one message."""

from jade_cli.exits import INCOMPLETE, USAGE


class Failure(Exception):  # noqa: N818  # it is how a command ends, not a fault in Jade
    """The command cannot go on."""

    exit_code = INCOMPLETE


class WrongUsage(Failure):
    """What was asked cannot be asked: two flags that exclude each other, or a setting that is no setting."""

    exit_code = USAGE
