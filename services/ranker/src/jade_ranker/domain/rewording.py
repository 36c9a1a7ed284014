"""Says a rule in other words, by rule: what a model is trained on, and a stand-in for a library that nobody knows.

Scanners say the same thing in their own way ("Ensure that ...", "... should not be ..."), drop words and swap them for
others. Nothing here knows a policy.
"""

import re
from collections.abc import Mapping, Sequence
from random import Random

OPENINGS = (
    "{}", "{}", "Ensure that {}", "Check: {}", "Indicates when {}", "Alert on {}", "Prevent {}", "Missing or wrong: {}",
    "{} is not configured", "{} should be reviewed", "Minimize {}", "Avoid {}", "Disallow {}", "Verify {}", "{} found",
    "Do not use {}", "Restrict {}", "workload: {}", "Containers: {}", "{} (best practice)",
)  # fmt: skip
"""How scanners begin and end what they say of a rule."""

OTHERS: Mapping[str, Sequence[str]] = {
    "access": ("reach", "use"),
    "add": ("extra", "additional"),
    "added": ("extra", "additional"),
    "allow": ("permit", "let"),
    "allowed": ("permitted", "approved"),
    "approved": ("trusted", "allowed"),
    "authentication": ("login", "credentials"),
    "automount": ("mount automatically", "auto mount"),
    "bind": ("attach", "bound"),
    "binding": ("grant", "assignment"),
    "bindings": ("grants", "assignments"),
    "blocking": ("preventing", "stopping"),
    "bounds": ("range", "limits"),
    "container": ("image", "workload", "pod"),
    "containers": ("workloads", "pods", "deployments"),
    "dangerous": ("insecure", "unsafe", "risky"),
    "dangling": ("orphaned", "unmatched"),
    "deadline": ("timeout", "time limit"),
    "default": ("predefined", "standard"),
    "deny": ("forbid", "prevent", "disallow", "no"),
    "deprecated": ("outdated", "old"),
    "digest": ("sha256", "hash"),
    "directory": ("path", "folder"),
    "duplicate": ("repeated", "same"),
    "ensure": ("check", "verify", "require"),
    "environment": ("env",),
    "escalation": ("elevation", "gain"),
    "exposed": ("open", "reachable"),
    "external": ("outside", "public"),
    "filesystem": ("file system", "fs", "root fs"),
    "forbid": ("deny", "prevent"),
    "host": ("node", "machine"),
    "identical": ("equal", "same"),
    "image": ("container image", "picture"),
    "latest": ("floating", "mutable"),
    "limit": ("maximum", "cap"),
    "limits": ("maximum", "caps"),
    "maximum": ("upper limit", "max"),
    "memory": ("mem", "ram"),
    "minimum": ("lower limit", "min"),
    "missing": ("absent", "not set", "no"),
    "mismatched": ("different", "not matching"),
    "mount": ("use", "attach"),
    "mounts": ("volumes", "attachments"),
    "namespace": ("ns",),
    "namespaces": ("ns",),
    "node": ("host", "machine"),
    "number": ("count",),
    "owner": ("responsible", "team"),
    "plaintext": ("clear text", "hard-coded"),
    "pod": ("workload",),
    "pods": ("workloads",),
    "policy": ("rule",),
    "port": ("ports",),
    "privilege": ("rights", "permission"),
    "privileges": ("rights", "permissions"),
    "probe": ("health check", "check"),
    "probes": ("health checks", "checks"),
    "registry": ("repository", "registries"),
    "registries": ("repositories",),
    "removed": ("no longer served", "deleted"),
    "replicas": ("copies", "instances"),
    "request": ("requests", "requirement"),
    "requests": ("requirements",),
    "require": ("ensure", "must have", "enforce"),
    "restrict": ("limit", "deny"),
    "root": ("uid 0", "superuser"),
    "run": ("execute",),
    "secret": ("credential", "password"),
    "secrets": ("credentials", "passwords"),
    "selector": ("label selector", "selectors"),
    "sensitive": ("critical", "system"),
    "service": ("svc",),
    "set": ("configured", "specified", "defined"),
    "shared": ("common",),
    "spread": ("distribution",),
    "tag": ("version", "tags"),
    "token": ("credentials", "tokens"),
    "unique": ("different", "distinct"),
    "unsafe": ("dangerous", "insecure"),
    "user": ("uid", "account"),
    "volume": ("volumes", "mount"),
    "wildcard": ("star", "any", "*"),
    "wildcards": ("stars", "any"),
    "writable": ("read-write", "not read-only"),
}
"""What a word may be swapped for: everyday English and what administrators write for it."""

WORD = re.compile(r"[A-Za-z][A-Za-z-]*|[^A-Za-z]+")


def swapped(text: str, chance: Random, share: float) -> str:
    """The text with a ``share`` (0 to 1) of the words that have another form in it.

    >>> swapped("Deny privileged pods", Random(3), 1.0)
    'Prevent privileged workloads'
    """
    said = []
    for part in WORD.findall(text):
        others = OTHERS.get(part.lower())
        if others and chance.random() < share:
            other = chance.choice(others)
            said.append(other.capitalize() if part[0].isupper() else other)
        else:
            said.append(part)
    return "".join(said)


def thinned(text: str, chance: Random, share: float) -> str:
    """The text without a ``share`` of its words; one stays at least.

    >>> thinned("limits of memory", Random(0), 1.0)
    'limits'
    """
    words = text.split()
    kept = [word for word in words if chance.random() >= share]
    return " ".join(kept or words[:1])


def as_scanners_say(text: str, chance: Random) -> str:
    """The text as one scanner or another would put it: some words swapped, some dropped, an opening of its own."""
    said = thinned(
        swapped(text, chance, chance.choice((0.0, 0.3, 0.7))), chance, chance.choice((0.0, 0.2, 0.5))
    )
    return chance.choice(OPENINGS).format(said)
