"""Violations answered as pairs, where a policy says no more of them than a message and a path.

    violation contains {"msg": msg, "details": {"path": path}} if {

becomes `violation contains [path, msg] if {`, so that OPA neither hashes, sorts nor writes two objects for each. Pairs
come in the same order as the objects: OPA compares objects by their keys' values, `details` before `msg`.
"""

import re

_HEAD = re.compile(
    r'^violation contains \{"msg": (?P<message>\w+), "details": \{"path": (?P<path>[\w.]+|"[^"\\\n]*")\}\} if ',
    re.MULTILINE,
)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


def in_pairs(text: str) -> str | None:
    """A module whose violations are pairs `[path, message]`; no line is added or removed.

    Returns:
        None where a violation is of another form, or where the module itself looks at its violations.
    """
    written, heads = _HEAD.subn(r"violation contains [\g<path>, \g<message>] if ", text)
    mentioned = len(re.findall(r"\bviolation\b", _COMMENT.sub("", text)))
    return written if 0 < heads == mentioned else None
