"""Faults are put where they can be, one at a time, and nowhere else."""

import textwrap

import pytest

from jade_policy.mutants import mutants, without_container_list
from jade_policy.opa.syntax import syntax_tree
from jade_policy.policies import RegoModule

POLICY = """
package p

default limit := 3

limit := input.parameters.limit if is_number(input.parameters.limit)

violation contains {"msg": msg, "details": {"path": "/spec/x"}} if {
	some port in input.review.object.spec.ports
	port.hostPort > 0
	not allowed(port)
	msg := sprintf("%v uses %v", ["it", port.hostPort])
}

allowed(port) if port.protocol in ["TCP", `UDP`]
allowed(port) if { every x in [1] { port.n == x } }
"""


@pytest.fixture
def made(opa):
    def make(text):
        text = textwrap.dedent(text)
        return list(mutants(text, syntax_tree(RegoModule(text, 1, ("p",), "policy.rego"), opa)))

    return make


def test_each_operator_finds_its_places(made):
    assert [str(mutant) for mutant in made(POLICY)] == [
        "6: dropped-condition: is_number(input.parameters.limit) -> true",
        "10: dropped-condition: port.hostPort > 0 -> true",
        "10: flipped-comparison: > -> <=",
        "10: changed-constant: 0 -> 1",
        "11: removed-negation: not allowed(port) -> allowed(port)",
        "11: dropped-condition: not allowed(port) -> true",
        '15: dropped-condition: port.protocol in ["TCP", `UDP`] -> true',
        '15: changed-constant: "TCP" -> "TCPx"',
        "15: changed-constant: `UDP` -> `xUDP`",
        "16: dropped-condition: every x in [1] { port.n == x } -> true",
        "16: changed-constant: 1 -> 2",
        "16: dropped-condition: port.n == x -> true",
        "16: flipped-comparison: == -> !=",
    ]


def test_a_mutant_differs_in_one_place_and_is_rego(made, opa):
    for mutant in made(POLICY):
        assert mutant.text != POLICY
        assert mutant.text.replace(mutant.after, mutant.before, 1) == POLICY or mutant.after in POLICY
        syntax_tree(RegoModule(mutant.text, 1, ("p",), "policy.rego"), opa)


def test_a_list_of_containers_is_forgotten():
    table = 'lists := {\n\t"containers": "C",\n\t"initContainers": "I",\n}\n'
    assert without_container_list(table, "initContainers") == 'lists := {\n\t"containers": "C",\n}\n'
    with pytest.raises(ValueError, match="ephemeralContainers does not stand once"):
        without_container_list(table, "ephemeralContainers")
