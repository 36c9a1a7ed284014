"""Put faults into each policy and see whether its own tests notice (`make mutate`).

The operators are those of jade_policy.mutants, and two more: a list of containers that the shared Rego forgets, and a
match that is narrowed by one of the kinds in METADATA, or widened to all. A policy's tests are its policy_test.rego,
its fixtures, and that it raises nothing where a field of a denied fixture is of another type. Mutants that do not compile are none. Those in equivalent_mutants.toml say the same as the policy,
for the reason given there.

python tests/evals/mutate.py [--policy ID,ID] [--sample N --seed S]
"""

import argparse
import copy
import json
import os
import random
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from jade_common.reports import write_report
from jade_common.tools import find
from jade_policy.generate.kinds import expand_kinds
from jade_policy.generate.source import PolicySource, read_sources
from jade_policy.inventory import inventory_of
from jade_policy.library import own_library
from jade_policy.match import Target, matches
from jade_policy.mutants import Mutant, mutants, without_container_list
from jade_policy.opa import Engine
from jade_policy.opa.syntax import syntax_tree
from jade_policy.pod_templates import group_kind
from jade_policy.policies import Match, RegoModule
from jade_policy.rego import parse
from jade_policy.verdicts import Review

POLICIES = Path(__file__).resolve().parents[2] / "data" / "policies"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
TARGET = 0.8
MAX_EQUIVALENT = 0.05
TESTS_FAILED = 2  # how opa test says so
TEST_SECONDS = 20  # a policy's tests take 0.05 s; a mutant that loops is noticed


@dataclass(frozen=True)
class Trial:
    """One mutant of one policy, and what became of it: `killed`, `survived`, `invalid` or `equivalent`."""

    policy: str
    mutant: Mutant
    outcome: str


def trials(sources: Sequence[PolicySource], chosen: Sequence[tuple[PolicySource, Mutant]]) -> list[Trial]:
    """Run the tests of each policy on its mutants."""
    declared = equivalents()
    with TemporaryDirectory(prefix="jade-mutants-") as folder, ThreadPoolExecutor(os.cpu_count()) as threads:
        beds = {source.id: Bed(source, Path(folder) / source.id) for source in sources}

        def run(pair: tuple[PolicySource, Mutant]) -> Trial:
            source, mutant = pair
            outcome = beds[source.id].outcome(mutant)
            if outcome == "survived" and key(mutant) in declared.get(source.id, {}):
                outcome = "equivalent"
            return Trial(source.id, mutant, outcome)

        return list(threads.map(run, chosen))


def all_mutants(source: PolicySource) -> Iterator[Mutant]:
    """Every mutant of one policy."""
    module = RegoModule(source.rego, 1, (source.package,), str(source.folder / "policy.rego"))
    yield from mutants(source.rego, syntax_tree(module, find("opa").path))
    if "k8s.containers" in source.rego:
        library = (POLICIES / "gatekeeper" / "lib" / "kubernetes.rego").read_text(encoding="utf-8")
        for name in source.metadata.container_lists:
            yield Mutant("dropped-container-list", 1, name, "", without_container_list(library, name))
    names = parse(source.rego).metadata["custom"]["kinds"]
    for name in names:
        rest = [other for other in names if other != name]
        yield Mutant("narrowed-match", 1, name, "", json.dumps(rest))
    yield Mutant("widened-match", 1, ", ".join(names), "every kind", "")


class Bed:
    """The folder that the tests of one policy run in; each mutant has one of its own beside it."""

    def __init__(self, source: PolicySource, folder: Path) -> None:
        self._source, self._folder = source, folder
        self._number = iter(range(1_000_000))
        tests = (source.folder / "policy_test.rego").read_text(encoding="utf-8")
        libraries = POLICIES / "gatekeeper" / "lib"
        self._files = {
            f"lib/{path.name}": path.read_text(encoding="utf-8") for path in libraries.glob("*.rego")
        }
        self._files = {
            name: text
            for name, text in self._files.items()
            if not name.endswith("_test.rego") or "testing" in name
        }
        self._files |= {"policy.rego": source.rego, "policy_test.rego": tests}
        self._files["fixtures_test.rego"] = _fixtures_test(source)

    def outcome(self, mutant: Mutant) -> str:
        """Run the tests on a mutant."""
        if mutant.operator in {"narrowed-match", "widened-match"}:
            return self._match_outcome(mutant)
        name = "lib/kubernetes.rego" if mutant.operator == "dropped-container-list" else "policy.rego"
        folder = self._folder / str(next(self._number))
        for path, text in (self._files | {name: mutant.text}).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        command = [str(find_opa()), "test", "--timeout", f"{TEST_SECONDS}s", str(folder)]
        done = subprocess.run(command, env={}, capture_output=True, check=False, timeout=TEST_SECONDS * 10)
        if done.returncode == 0:
            return "survived" if self._raises_nothing(folder) else "killed"
        return "killed" if done.returncode == TESTS_FAILED else "invalid"

    def _raises_nothing(self, folder: Path) -> bool:
        """Whether the policy holds its ground on oddly typed fields, as the library's mutation test asks of it."""
        asked = [
            {"review": {"object": odd}, "parameters": self._source.metadata.defaults}
            for fixture in self._source.fixtures
            if fixture.denied
            for odd in _retyped(yaml.safe_load(fixture.manifest))
        ]
        query = f"[found | some asked in input; found := data.{self._source.package}.violation with input as asked]"
        command = [
            str(find_opa()),
            "eval",
            "--strict-builtin-errors",
            "--stdin-input",
            "--data",
            str(folder),
            query,
        ]
        given = json.dumps(asked, default=str).encode()
        done = subprocess.run(
            command, env={}, input=given, capture_output=True, check=False, timeout=TEST_SECONDS * 10
        )
        return done.returncode == 0

    def _match_outcome(self, mutant: Mutant) -> str:
        """Whether a fixture tells: a denied one that is left out, or one that is denied though of no kind of ours."""
        if mutant.operator == "widened-match":
            strangers = denied_outside().get(self._source.id, set())
            own = self._source.id in strangers
            return "killed" if own else "survived" if strangers else "invalid"
        kept = {
            (group.api_group, kind)
            for group in expand_kinds(json.loads(mutant.text), self._source.folder / "policy.rego")
            for kind in group.kinds
        }
        denied = [yaml.safe_load(fixture.manifest) for fixture in self._source.fixtures if fixture.denied]
        return "killed" if any(group_kind(obj) not in kept for obj in denied) else "survived"


@cache
def denied_outside() -> dict[str, set[str]]:
    """By policy, whose fixtures it would deny although their kinds are none of its own.

    Without a match, most policies deny nothing more, because their Rego asks for the kind: there a wider match makes
    no difference that could be seen.
    """
    library = own_library()
    everything = replace(library, constraints=tuple(replace(c, match=Match()) for c in library.constraints))
    own = {constraint.policy_id: constraint.match for constraint in library.constraints}
    fixtures = [
        (source.id, yaml.safe_load(fixture.manifest))
        for source in read_sources(POLICIES, str(find_opa()))
        for fixture in source.fixtures
    ]
    found: dict[str, set[str]] = defaultdict(set)
    with Engine(everything, opa=find_opa()) as engine:
        reviews = [Review(obj, inventory={"cluster": {}, "namespace": {}}) for _, obj in fixtures]
        for (owner, obj), verdicts in zip(fixtures, engine.judge(reviews), strict=True):
            for verdict in verdicts:
                if verdict.verdict == "violated" and not matches(
                    own[verdict.policy_id], Target.of(obj, None)
                ):
                    found[verdict.policy_id].add(owner)
    return found


@cache
def find_opa() -> Path:
    """The OPA that runs the tests."""
    return find("opa").path


def _retyped(obj: Any) -> Iterator[Any]:
    """The object with each of its fields in turn a number, a text, a list and an object."""
    for path in _paths(obj, ()):
        for odd in (5, "x", ["x"], {"a": {"a": 1}}):
            changed = copy.deepcopy(obj)
            at = changed
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = odd
            yield changed


def _paths(obj: Any, above: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    members = obj.items() if isinstance(obj, dict) else enumerate(obj) if isinstance(obj, list) else ()
    for key, value in members:
        yield (*above, key)
        yield from _paths(value, (*above, key))


def _fixtures_test(source: PolicySource) -> str:
    """The fixtures as tests of Rego."""
    lines = ["package jade_fixtures_test", "", f"import data.{source.package}", ""]
    defaults = json.dumps(dict(source.metadata.defaults))
    for index, fixture in enumerate(source.fixtures):
        obj = json.dumps(yaml.safe_load(fixture.manifest), default=str)
        beside = yaml.safe_load_all(fixture.inventory.read_text()) if fixture.inventory else []
        held = inventory_of(beside, None)
        expected = "{" + ", ".join(json.dumps(path) for path in sorted(set(fixture.violates))) + "}"
        expected = "set()" if expected == "{}" else expected
        lines += [
            f"test_{index} if {{",
            f'\tfound := {source.package}.violation with input as {{"review": {{"object": {obj}}}, '
            f'"parameters": {defaults}}} with data.inventory as {json.dumps(held, default=str)}',
            f"\t{{each.details.path | some each in found}} == {expected}",
            "}",
            "",
        ]
    return "\n".join(lines)


def key(mutant: Mutant) -> str:
    """How equivalent_mutants.toml names a mutant: without its line, which moves."""
    return str(mutant).partition(": ")[2]


def equivalents() -> dict[str, dict[str, str]]:
    """By policy, the mutants that say the same, each with the reason."""
    return tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))


def report(results: Iterable[Trial], *, sampled: bool) -> int:
    """Print survivors and scores; exit 1 where a policy is below the target, or a sample as a whole."""
    by_policy: dict[str, Counter[str]] = defaultdict(Counter)
    by_operator: dict[str, Counter[str]] = defaultdict(Counter)
    for trial in results:
        if trial.outcome == "survived":
            sys.stdout.write(f"{trial.policy}/policy.rego:{trial.mutant}\n")
        if trial.outcome != "invalid":
            by_policy[trial.policy][trial.outcome] += 1
            by_operator[trial.mutant.operator][trial.outcome] += 1
    scores = {policy: score(counts) for policy, counts in by_policy.items()}
    low = {policy: value for policy, value in scores.items() if value < TARGET}
    total = sum(by_operator.values(), Counter())
    declared = total["equivalent"] / max(total.total(), 1)
    figures = {
        "mutation_score": round(score(total), 4),
        "lowest_policy_score": round(min(scores.values()), 4),
        "policies_below_target": len(low),
        "mutants": total.total(),
        "equivalent_share": round(declared, 4),
    }
    rows = [
        (f"{operator} ({counts.total()})", f"{score(counts):.3f}")
        for operator, counts in sorted(by_operator.items())
    ]
    rows += [(f"below {TARGET}: {policy}", f"{value:.3f}") for policy, value in sorted(low.items())]
    rows.append(
        (
            f"all {total.total()} mutants of {len(scores)} policies",
            f"{score(total):.3f} (target {TARGET} each)",
        )
    )
    rows.append(("declared equivalent", f"{declared:.3f} (at most {MAX_EQUIVALENT})"))
    write_report(
        "mutate-sample" if sampled else "mutate",
        figures,
        rows,
        experiment=None if sampled else "policies",  # a sample is for the tests, not for comparisons
    )
    reached = score(total) >= TARGET if sampled else not low
    return 0 if reached and declared <= MAX_EQUIVALENT else 1


def score(counts: Counter[str]) -> float:
    """The share of mutants that were noticed, of those that could be."""
    relevant = counts["killed"] + counts["survived"]
    return counts["killed"] / relevant if relevant else 1.0


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--policy", type=lambda text: text.split(","), help="only these")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    sources = read_sources(POLICIES, str(find_opa()), only=options.policy or ())
    chosen = [(source, mutant) for source in sources for mutant in all_mutants(source)]
    if options.sample:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
    return report(trials(sources, chosen), sampled=options.sample is not None)


if __name__ == "__main__":
    sys.exit(main())
