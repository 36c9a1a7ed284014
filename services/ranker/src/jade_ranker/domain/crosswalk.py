"""Which of our policies is about a rule of another tool, as far as is known."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

_PART = re.compile(r"[a-z]+|[0-9]+")
_OTHER_NAMES = {"gator": "gatekeeper", "trivyoperator": "trivy"}
_TEXTS = ("tool", "rule_id", "policy")
_COUNTS = ("flips", "pairs", "failed", "both")
_SHARES = ("agreement", "same_field")


class CrosswalkError(ValueError):
    """A line is no link."""


@dataclass(frozen=True, slots=True)
class Link:
    """A rule of a tool and a policy of ours that is about the same.

    Attributes:
        tool: as `scan.finding` calls it.
        rule_id: as the tool spells it today.
        how: what found it: `flip`, `co-violation`, `field`.
        flips: of `pairs`, those on whose failing fixture the policy is violated and on whose passing one it is not.
        pairs: fixtures of the rule's own tests, each with its nearest passing one.
        agreement: share of a real report's documents on which both say the same; None where none was judged.
        failed: documents of that report that the rule fails.
        both: of these, those that violate the policy too.
        same_field: how far they name the same fields there, 0 to 1; None where the rule names none.
        words: share of the words of the rule's id and title that the policy's name and description have, 0 to 1.
        confidence: 0 to 1, see docs/crosswalk.md.
    """

    tool: str
    rule_id: str
    policy: str
    how: tuple[str, ...]
    flips: int
    pairs: int
    agreement: float | None
    failed: int
    both: int
    same_field: float | None
    words: float
    confidence: float


def spelling(name: str) -> str:
    """What all spellings of a rule have in common: letters and numbers, without leading zeros and Aqua's `AVD`.

    >>> spelling("KSV014"), spelling("AVD-KSV-0014"), spelling("KSV-0014"), spelling("ksv-01010")
    ('ksv-14', 'ksv-14', 'ksv-14', 'ksv-1010')
    >>> spelling("Container Image Tag"), spelling("container-image-tag")
    ('container-image-tag', 'container-image-tag')
    """
    parts = _PART.findall(name.lower())
    if len(parts) > 1 and parts[0] == "avd":
        del parts[0]
    return "-".join(str(int(part)) if part.isdecimal() else part for part in parts)


def tool_spelling(name: str) -> str:
    """What all spellings of a tool have in common.

    >>> tool_spelling("kube-linter"), tool_spelling("KubeLinter"), tool_spelling("gator")
    ('kubelinter', 'kubelinter', 'gatekeeper')
    """
    plain = "".join(_PART.findall(name.lower()))
    return _OTHER_NAMES.get(plain, plain)


@dataclass(frozen=True)
class Crosswalk:
    """All links that are known.

    Attributes:
        links: by tool, by rule, and of a rule the surest first.
    """

    links: tuple[Link, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read lines of JSON, one a link; empty lines say nothing.

        Raises:
            CrosswalkError: A line is no link, or the second one of its rule and policy; its number is named.
        """
        links: dict[tuple[str, str, str], Link] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            try:
                link = _link(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise CrosswalkError(f"line {number}: {error}") from None
            key = (tool_spelling(link.tool), spelling(link.rule_id), link.policy)
            if key in links:
                raise CrosswalkError(
                    f"line {number}: {link.policy} is linked with {link.rule_id} of {link.tool} twice"
                )
            links[key] = link
        return cls(tuple(sorted(links.values(), key=_order)))

    @cached_property
    def _rules(self) -> Mapping[str, Mapping[str, tuple[Link, ...]]]:
        found: dict[str, dict[str, tuple[Link, ...]]] = {}
        for link in self.links:
            rules = found.setdefault(tool_spelling(link.tool), {})
            key = spelling(link.rule_id)
            rules[key] = (*rules.get(key, ()), link)
        return found

    def of(self, tool: str, rule_id: str, *aliases: str) -> tuple[Link, ...]:
        """The policies that are about a rule, the surest first; the first spelling that is known counts.

        Args:
            tool: In any spelling.
            rule_id: In any spelling.
            aliases: What else the rule is called (``rule_aliases`` of a finding).
        """
        rules = self._rules.get(tool_spelling(tool), {})
        return next((rules[key] for one in (rule_id, *aliases) if (key := spelling(one)) in rules), ())

    def tools(self) -> tuple[str, ...]:
        """The tools that any rule of is linked, by name."""
        return tuple(sorted({link.tool for link in self.links}))

    def of_tool(self, tool: str) -> tuple[Link, ...]:
        """All links of a tool, in any spelling."""
        return tuple(link for links in self._rules.get(tool_spelling(tool), {}).values() for link in links)

    def of_policy(self, policy_id: str) -> tuple[Link, ...]:
        """The rules that a policy is about, the surest first."""
        found = [link for link in self.links if link.policy == policy_id]
        return tuple(sorted(found, key=lambda link: (-link.confidence, link.tool, link.rule_id)))

    def without(self, tool: str) -> "Crosswalk":
        """What is known when nothing is known of one tool."""
        left_out = tool_spelling(tool)
        return self._kept(link for link in self.links if tool_spelling(link.tool) != left_out)

    def only(self, policies: Collection[str]) -> "Crosswalk":
        """What is known of some policies, by their ids."""
        return self._kept(link for link in self.links if link.policy in policies)

    @staticmethod
    def _kept(links: Iterable[Link]) -> "Crosswalk":
        return Crosswalk(tuple(links))


def _order(link: Link) -> tuple[str, str, float, str]:
    return link.tool, link.rule_id, -link.confidence, link.policy


def _link(entry: Any) -> Link:
    if not isinstance(entry, dict):
        raise CrosswalkError("not an object")
    expected = {*_TEXTS, *_COUNTS, *_SHARES, "how", "words", "confidence"}
    missing, unknown = sorted(expected - set(entry)), sorted(set(entry) - expected)
    if missing or unknown:
        raise CrosswalkError(f"missing: {', '.join(missing) or '-'}; unknown: {', '.join(unknown) or '-'}")
    wrong = next(
        (f"{key} is {entry[key]!r}, expected {what}" for key, what, fits in _CHECKS if not fits(entry[key])),
        "",
    )
    if wrong:
        raise CrosswalkError(wrong)
    if entry["flips"] > entry["pairs"] or entry["both"] > entry["failed"]:
        raise CrosswalkError("more flips than pairs, or more documents that fail both than fail the rule")
    return Link(**{**entry, "how": tuple(entry["how"])})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_share_or_nothing(value: Any) -> bool:
    return value is None or _is_share(value)


_CHECKS = (
    *((key, "a text", _is_text) for key in _TEXTS),
    ("how", "a list of texts", _is_texts),
    *((key, "a number of things", _is_count) for key in _COUNTS),
    *((key, "a number from 0 to 1, or null", _is_share_or_nothing) for key in _SHARES),
    *((key, "a number from 0 to 1", _is_share) for key in ("words", "confidence")),
)
