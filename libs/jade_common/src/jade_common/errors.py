"""What a handler may raise, and what then happens to the message.

JadeError
├── TransientError        worth another delivery: redelivered with a growing delay
└── PermanentError        never worth another delivery: dead-lettered at once
    ├── InvalidEventError     the message is not the event it should be
    ├── PayloadTooLargeError  refused at the sender, before the broker sees it
    └── PayloadGoneError      the object that an event refers to is not there
"""


class JadeError(Exception):
    """Base of all errors of Jade."""


class TransientError(JadeError):
    """Worth another delivery (timeout, lock, a part that is restarting)."""


class PermanentError(JadeError):
    """Never worth another delivery: the same message would fail again."""


class InvalidEventError(PermanentError):
    """The message is not a valid event of its subject."""


class PayloadTooLargeError(PermanentError):
    """The payload is larger than the bus or Jade accepts."""


class PayloadGoneError(PermanentError):
    """The stored object that carries an event's payload does not exist any more."""
