"""What the exit code of every command means; the same whatever the output format."""

CLEAN = 0
"""Nothing was found at or above the threshold, or the command did what it was asked."""

FOUND = 1
"""Something was found at or above the threshold."""

USAGE = 2
"""The command line or a setting is wrong; nothing was done."""

INCOMPLETE = 3
"""Something could not be read, evaluated or reached. Wins over ``FOUND``: half an answer is no answer."""

INTERRUPTED = 130
"""Ctrl-C: 128 + SIGINT, as shells count."""
