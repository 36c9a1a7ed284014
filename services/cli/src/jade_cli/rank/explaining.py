"""``jade rank --explain``: what every score is made of, as tables for people."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from jade_cli.terminal import printable


def explained(write: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    """Take lines of JSON and ``write`` them as tables."""

    def taken(lines: bytes) -> bool:
        text = "".join(f"{line}\n" for each in lines.splitlines() for line in table(orjson.loads(each)))
        return write(text.encode())

    return taken


def table(answer: Mapping[str, Any]) -> Iterator[str]:
    """One answer: its policies, and below each the features that its score adds up, the weightiest first."""
    if "error" in answer:
        yield printable(f"{answer['id']}: {answer['error']}")
        return
    none = "; none of them is about the finding" if answer["none_applies"] else ""
    yield printable(f"{answer['id']}: ranked by {answer['model']}{none}")
    for place, policy in enumerate(answer["policies"], 1):
        likely = f", probability {policy['probability']:.2f}" if "probability" in policy else ""
        yield printable(
            f"{place:>3}. {policy['id']}: {policy['verdict']}, score {policy['score']:.2f}{likely}"
        )
        features = policy.get("features", [])
        if not features:
            yield from (printable(f"       {reason}") for reason in policy.get("reasons", []))
            continue
        yield f"       {'value':>7} {'weight':>7} {'adds':>7}"
        for one in sorted(features, key=lambda each: -abs(each["added"])):
            yield f"       {one['value']:>7.2f} {one['weight']:>7.2f} {one['added']:>+7.2f}  {one['feature']}"
    yield ""
