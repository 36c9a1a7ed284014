"""What is known of a policy in words; of a foreign one, what its messages and its fields say."""

import pytest

from jade_policy.policies import Constraint, KindSelector, Match
from jade_ranker.domain.descriptions import VIEWS, description_of, descriptions_of, references_of, spoken


@pytest.fixture(scope="module")
def described(small_library, small_reads):
    return dict(
        zip(
            [policy.id for policy in small_library.policies],
            descriptions_of(small_library, small_reads),
            strict=True,
        )
    )


def test_each_view_shows_one_side_of_a_policy(described):
    processes = described["deny-host-pid"]
    assert processes.name == "deny host pid JadeDenyHostPid Deny shared process namespaces"
    assert processes.description == "A pod must not see the processes of its node."
    assert processes.reasons == "Secrets stand in the environment of others."
    assert processes.messages == "looks at every process of its machine"
    assert processes.fix == "/spec/hostPID Drop the flag."
    assert processes.fields.split() == ["spec", "hostPID", "hostPID=true"]
    assert processes.references == {"5.2.3"}
    assert [processes.view(view) for view in VIEWS] == list(processes[: len(VIEWS)])


def test_for_a_foreign_policy_messages_and_fields_speak(described):
    foreign = described["k8sallowedusers"]
    assert foreign.name.split() == ["k8sallowedusers", "K8sAllowedUsers"]
    assert (foreign.description, foreign.reasons, foreign.fix) == ("", "", "")
    assert " ".join(foreign.messages.split()) == "Container is attempting to run with the root account"
    assert foreign.fields.split() == ["spec", "securityContext", "runAsUser", "superuser"]
    assert foreign.references == frozenset()


def test_what_a_policy_compares_with_is_one_of_its_fields_and_no_message(described):
    ports = described["deny-node-ports"]
    assert "NodePort" in ports.fields.split()
    assert ports.messages == "no NodePort here"
    assert "*" not in ports.fields
    assert ports.paths == (("spec", "type"), ("spec", "ports", "*", "nodePort"))


def test_keys_of_the_answer_are_no_words_of_a_policy(small_library):
    _, constants = spoken(small_library.policy("deny-host-pid"))
    assert {"msg", "details"}.isdisjoint(constants)


def test_a_policy_that_nothing_is_read_of_still_has_words(small_library):
    (found, *_) = descriptions_of(small_library, {})
    assert found.paths == ()
    assert found.fields == "hostPID=true"


@pytest.mark.parametrize(
    ("matches", "kinds"),
    [
        ([("Pod",), ("Service", "Pod")], {"Pod", "Service"}),
        ([("Pod",), ()], set()),
        ([("Pod", "*")], set()),
        ([None], set()),
        ([], set()),
    ],
)
def test_kinds_are_those_of_all_constraints_and_none_where_one_is_for_all(small_library, matches, kinds):
    constraints = [
        Constraint(
            "x", str(number), match=Match() if one is None else Match(kinds=(KindSelector(("",), one),))
        )
        for number, one in enumerate(matches)
    ]
    policy = small_library.policy("deny-host-pid")
    assert description_of(policy, constraints, ()).kinds == kinds


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("CIS 5.2.3", {"5.2.3"}),
        ("cis:5.2.3", {"5.2.3"}),
        ("CIS-1.6 5.7.2 of it", {"5.7.2"}),
        ("CIS Kubernetes 4.1.12", {"4.1.12"}),
        ("cis benchmark: 5.1", {"5.1"}),
        ("version 5.2.3", set()),
        ("precise 5.2.3", set()),
        ("cis 15.2.3", set()),
    ],
)
def test_numbers_of_the_benchmark_are_those_that_are_called_so(text, numbers):
    assert references_of(text) == numbers
