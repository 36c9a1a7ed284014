"""Sizes on the bus, in bytes."""

MAX_INLINE = 512 * 1024
"""A larger payload goes to the object store, and the event carries the reference: half of what the broker
accepts."""

MAX_MESSAGE = 1024 * 1024
"""``max_payload`` of the broker, headers included."""

MAX_OBJECT = 256 * 1024 * 1024
"""The largest payload in the object store: Checkov writes 138 MB about 600 documents."""

DEAD_LETTER_BODY = 16 * 1024
"""What a dead letter keeps of the original body: enough to see what it was."""

MAX_LINES = 100
"""Lines of one question: one person waits for it, and a worker answers it in one go."""
