"""The table in docs/crosswalk.md that is made of data/crosswalk.jsonl."""

from pathlib import Path

from jade_ranker.domain.crosswalk import Crosswalk

PAGE = Path(__file__).resolve().parents[2] / "docs" / "crosswalk.md"
BEGIN = "<!-- made by make crosswalk; do not edit -->\n"
END = "<!-- end -->\n"
SURE = 0.5


def table(crosswalk: Crosswalk) -> str:
    """A line a tool."""
    rows = [
        "| tool | rules linked | links | rules with a link of 0.50 or more | best confidence |\n",
        "|---|---|---|---|---|\n",
    ]
    for tool in crosswalk.tools():
        links = crosswalk.of_tool(tool)
        rules = {link.rule_id for link in links}
        sure = {link.rule_id for link in links if link.confidence >= SURE}
        best = max(link.confidence for link in links)
        rows.append(f"| {tool} | {len(rules)} | {len(links)} | {len(sure)} | {best:.2f} |\n")
    return "".join(rows)


def with_table(page: str, crosswalk: Crosswalk) -> str:
    """The page with the table of this crosswalk.

    Raises:
        ValueError: The page has no place for it.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("docs/crosswalk.md lacks the marks between which the table stands")
    return before + BEGIN + table(crosswalk) + END + after
