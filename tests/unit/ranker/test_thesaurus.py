"""The thesaurus: its files are sound, and words and fields meet in its concepts."""

from collections import defaultdict
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_policy.kubernetes_fields import kubernetes_fields
from jade_ranker.domain.fields_said import Fields, steps_of
from jade_ranker.domain.terms import TOKEN, terms
from jade_ranker.domain.thesaurus import HINT, WEIGHTS, Concept, Thesaurus, surety

THESAURUS = Thesaurus.load()
CONCEPTS = list(THESAURUS.concepts.values())


def spoken(phrase):
    return tuple(dict.fromkeys(terms(phrase)))


def test_there_are_concepts_for_all_of_kubernetes_and_beyond():
    assert len(CONCEPTS) >= 250
    assert {"host-pid", "etcd", "kubelet", "service-mesh", "dockerfile", "cloud-identity"} <= {
        one.id for one in CONCEPTS
    }


@cache
def types_with(step):
    types = kubernetes_fields()._types
    return [name for name, fields in types.items() if not isinstance(fields, str) and step in fields]


def exists(field):
    steps = steps_of(field)
    return any(kubernetes_fields().possible(name, with_members(name, steps)) for name in types_with(steps[0]))


def with_members(name, steps):
    path, fields = [], kubernetes_fields()
    for step in steps:
        path.append(step)
        if fields.form(name, path).startswith("[]"):
            path.append("*")
    return path


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda one: one.id)
def test_every_field_is_one_of_kubernetes(concept):
    assert [field for field in concept.fields if not exists(field)] == []


def test_a_field_that_is_not_there_is_noticed():
    assert exists("securityContext.privileged")
    assert exists("ports.hostPort")
    assert not exists("securityContext.priviledged")
    assert not exists("hostPid")


def test_every_concept_has_a_name_and_something_to_be_known_by():
    assert not [one.id for one in CONCEPTS if not one.name or not one.says]
    assert len({one.name for one in CONCEPTS}) == len(CONCEPTS)


def test_what_is_near_is_a_concept_too_and_counts_less():
    for one in CONCEPTS:
        assert one.near.keys() <= THESAURUS.concepts.keys() - {one.id}, one.id
        assert all(0 < share < 1 for share in one.near.values()), one.id


def test_no_phrase_stands_twice_in_a_concept():
    for one in CONCEPTS:
        found = [spoken(phrase) for phrase in (*one.says, *one.hints)]
        assert () not in found, one.id
        says = [spoken(phrase) for phrase in one.says if phrase not in one.shared]
        assert len(set(says)) == len(says), one.id


def test_no_phrase_means_two_concepts_that_have_nothing_to_do_with_each_other():
    owners = defaultdict(list)
    for one in CONCEPTS:
        for phrase in one.says:
            if not (len(spoken(phrase)) == 1 < len(TOKEN.findall(phrase))):
                owners[spoken(phrase)].append((one, phrase))
    for found in owners.values():
        for (one, phrase), (other, same) in combinations(found, 2):
            related = other.id in one.near or one.id in other.near
            declared = phrase in one.shared and same in other.shared
            assert related or declared or one is other, (one.id, other.id, phrase)


def test_a_common_word_alone_says_little():
    concept = Concept("c", "c", says=("privileged", "without a password", "docker socket"), hints=("kernel",))
    rare = dict.fromkeys(["privileg", "password", "kernel", "dock", "socket"], 1.0)
    common = dict.fromkeys(rare, 0.3)
    assert surety(concept, "privileged", ("privileg",), rare) == WEIGHTS[0]
    assert surety(concept, "privileged", ("privileg",), common) < HINT
    assert surety(concept, "without a password", ("password",), rare) == HINT
    assert surety(concept, "without a password", ("password",), common) == 0
    assert surety(concept, "kernel", ("kernel",), common) == HINT
    assert surety(concept, "docker socket", ("dock", "socket"), rare) == WEIGHTS[1]
    assert HINT < surety(concept, "docker socket", ("dock", "socket"), common) < WEIGHTS[1]
    assert surety(concept, "with the docker and a socket", ("dock", "socket"), rare) < WEIGHTS[1]


def test_no_single_common_word_makes_a_concept_likely():
    words = {term for one in CONCEPTS for phrase in one.says for term in terms(phrase)}
    for term in ("pod", "node", "container", "host", "server", "file", "run", "user", "network", "memory"):
        assert term in words or terms(term)[0] in words
        assert all(weight <= 0.4 for weight in THESAURUS.concepts_of(terms(term)).values()), term


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("malware could persist on disk", "read-only-root"),
        ("the container can see every process of the node", "host-pid"),
        ("nobody restarts it when it hangs", "liveness-probe"),
        ("users get a 502 during each deploy", "readiness-probe"),
        ("a runaway process ate all memory and the kernel's OOM killer woke up", "memory-limits"),
        ("we cannot tell which version is running", "image-tag"),
        ("the drain never finishes", "blocking-disruption-budget"),
        ("passwords are committed to git in clear text", "plaintext-secrets"),
        ("the strongest role of the cluster was given away: full control of the cluster", "cluster-admin"),
        ("nobody has to log in", "anonymous-access"),
        ("the nightly job starts while the previous one is still running", "cron-job-concurrency"),
        ("SSH into a running container: pods/exec", "pod-exec"),
        ("data could be exfiltrated to the internet", "egress-policy"),
        ("etcd data directory permissions", "etcd"),
        ("Ensure that the --anonymous-auth flag of the kubelet is off: kubelet authentication", "kubelet"),
    ],
)
def test_plain_words_find_their_concept(text, concept):
    assert next(iter(THESAURUS.concepts_of(terms(text)))) == concept


@pytest.mark.parametrize(
    ("paths", "kinds", "concept"),
    [
        (["spec.containers[].securityContext.privileged"], [], "privileged"),
        (["{container}.securityContext.privileged"], [], "privileged"),
        (["{pod}.spec.hostPID"], [], "host-pid"),
        (["{container}/ports/*/hostPort"], [], "host-ports"),
        (["spec.template.spec.initContainers.0.livenessProbe.httpGet.path"], [], "liveness-probe"),
        (["{container}.resources.limits.memory"], [], "memory-limits"),
        (["spec.concurrencyPolicy"], ["CronJob"], "cron-job-concurrency"),
        (["spec.externalIPs"], ["Service"], "external-ips"),
        (["spec.minAvailable"], ["PodDisruptionBudget"], "pod-disruption-budget"),
        (["webhooks.*.failurePolicy"], ["ValidatingWebhookConfiguration"], "webhook-failure-policy"),
        (
            ["metadata.annotations.nginx.ingress.kubernetes.io/server-snippet"],
            ["Ingress"],
            "ingress-snippets",
        ),
    ],
)
def test_fields_find_their_concept(paths, kinds, concept):
    found = THESAURUS.concepts_of_fields(paths, kinds)
    best = max(found.values())
    assert found[concept] == best


def test_a_field_counts_only_in_the_kinds_of_its_concept():
    assert "node-port" in THESAURUS.concepts_of_fields(["spec.type"], ["Service"])
    assert "node-port" not in THESAURUS.concepts_of_fields(["spec.type"], ["Deployment"])


def test_the_longest_end_of_a_path_wins():
    fields = Fields(
        [("all", ["resources"], frozenset()), ("memory", ["resources.limits.memory"], frozenset())]
    )
    assert fields.concepts(["{container}.resources.limits.memory"], frozenset()) == {"memory": 1.0}
    assert fields.concepts(["{container}.resources"], frozenset()) == {"all": 1.0}


def test_guards_count_less_beside_what_is_no_guard():
    alone = THESAURUS.concepts_of_fields(["{container}.image"])
    beside = THESAURUS.concepts_of_fields(["{container}.image", "{container}.securityContext.privileged"])
    assert alone["image-registry"] == 1.0
    assert beside["image-registry"] < 0.5 < beside["privileged"] == 1.0


def test_what_is_read_whole_may_be_about_any_member():
    found = THESAURUS.concepts_of_fields(["{container}.resources.limits.*"])
    assert found["resource-limits"] == 1.0
    assert 0 < found["ephemeral-storage"] < found["resource-limits"]


def test_a_policy_of_one_kind_may_be_about_what_is_special_of_it():
    assert "cron-job-deadline" in THESAURUS.concepts_of_fields([], ["CronJob"])
    assert "cron-job-deadline" not in THESAURUS.concepts_of_fields([], ["CronJob", "Deployment"])
    assert THESAURUS.concepts_of_fields([]) == {}


def test_a_phrase_inside_a_longer_one_does_not_count():
    small = Thesaurus(
        [Concept("short", "s", says=("host network",)), Concept("long", "l", says=("host network policy",))]
    )
    assert small.concepts_of(terms("the host network policy")) == {"long": WEIGHTS[2]}
    assert small.concepts_of(terms("the host network")) == {"short": WEIGHTS[1]}


def test_order_and_gaps_count():
    small = Thesaurus([Concept("c", "c", says=("memory limit",))])
    exact, gap, turned, far = (
        small.concepts_of(terms(text)).get("c", 0.0)
        for text in (
            "memory limit",
            "memory of cart limit",
            "limits on memory",
            "memory " + "cart shop api " * 4 + "limit",
        )
    )
    assert exact == gap > turned > far == 0


def test_several_phrases_make_it_surer():
    small = Thesaurus([Concept("c", "c", says=("memory limit", "oom kill"))])
    assert (
        small.concepts_of(terms("memory limit, OOMKilled"))["c"]
        > small.concepts_of(terms("memory limit"))["c"]
    )


def test_what_is_near_gets_its_share():
    small = Thesaurus(
        [Concept("a", "a", says=("docker socket",), near={"b": 0.5}), Concept("b", "b", says=("host path",))]
    )
    assert small.concepts_of(terms("docker.sock")) == {"a": 0.75, "b": 0.375}


def test_the_words_of_a_concept_add_to_a_policy():
    words = THESAURUS.vocabulary({"host-pid": 1.0, "privileged": 0.5})
    assert words["proces"] == 1.0
    assert words["privileg"] == 0.5


def test_a_key_that_no_concept_has_is_refused():
    with pytest.raises(TypeError):
        Concept.parse("c", {"name": "c", "says": "x", "feilds": "y"})


def test_a_name_stands_for_a_reason():
    assert THESAURUS.explain("host-pid") == "the host's process namespace"


@given(st.text())
def test_any_text_has_weights_from_nought_to_one(text):
    assert all(0 < weight <= 1 for weight in THESAURUS.concepts_of(terms(text)).values())
