"""What can go wrong in the policy domain.

PolicyError
├── LibraryError   a policy library that cannot be read at all
├── RegoError      text that is no Rego, with its line
├── MatchError     a match that cannot be decided with what is known
└── EngineError    the OPA process cannot be started or asked
"""


class PolicyError(ValueError):
    """Root of the errors of this package: what, where, why, and what to do next."""


class LibraryError(PolicyError):
    """A policy library that cannot be read at all; a single bad policy is a `Problem` instead."""


class RegoError(PolicyError):
    """Rego source that cannot be read.

    Attributes:
        line: where, starting at 1, within the text that was given.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class MatchError(PolicyError):
    """Whether a constraint matches cannot be said: something that its match needs is not known."""


class EngineError(PolicyError):
    """The OPA process cannot be started, or the library as a whole cannot be compiled."""
