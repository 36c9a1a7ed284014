"""A small library of four policies, one of them under two constraints, with what decides their verdicts."""

import pytest

from jade_policy.library import Library
from jade_policy.policies import Constraint, KindSelector, Match, Policy, RegoModule, Remediation
from jade_policy.reads import Read
from jade_policy.verdicts import Verdict
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.pairs import Pairs
from jade_ranker.domain.sayings import phrases_of
from jade_ranker.domain.semantics import Meanings, texts_of
from jade_ranker.domain.thesaurus import Concept, Thesaurus
from jade_ranker.testing import HashedWords


def module(name: str, body: str) -> RegoModule:
    return RegoModule(f"package {name}\n\n{body}\n", 1, (name,), f"{name}.rego")


PROCESSES = Policy(
    "deny-host-pid",
    "JadeDenyHostPid",
    module(
        "hostpid",
        'violation contains {"msg": msg, "details": {}} if {\n'
        "  input.review.object.spec.hostPID == true\n"
        '  msg := sprintf("%s looks at every process of its machine", [input.review.object.metadata.name])\n}',
    ),
    title="Deny shared process namespaces",
    description="A pod must not see the processes of its node.",
    severity="high",
    tags=("cis:5.2.3",),
    features=("hostPID=true",),
    reliability="high",
    remediation=(Remediation("/spec/hostPID", "remove", note="Drop the flag."),),
    custom={"rationale": "Secrets stand in the environment of others."},
)
PORTS = Policy(
    "deny-node-ports",
    "JadeDenyNodePorts",
    module(
        "nodeports",
        'violation contains {"msg": "no NodePort here"} if input.review.object.spec.type == "NodePort"',
    ),
    title="Deny services on ports of nodes",
    severity="medium",
    reliability="medium",
)
FOREIGN = Policy(
    "k8sallowedusers",
    "K8sAllowedUsers",
    module(
        "allowedusers",
        'violation contains {"msg": msg} if {\n'
        "  input.review.object.spec.securityContext.runAsUser == 0\n"
        "  not input.parameters.superuser\n"
        '  msg := sprintf("Container %v is attempting to run with the root account", [input.x])\n}',
    ),
)
TAGS = Policy(
    "require-image-tag",
    "JadeRequireImageTag",
    module("tags", 'violation contains {"msg": "the image has no tag"} if input.review.object.spec.image'),
    title="Require an image tag",
    severity="high",
    features=("image.tag=latest", "resource_kind=Pod"),
)
PODS = Match(kinds=(KindSelector(("",), ("Pod",)),))
SERVICES = Match(kinds=(KindSelector(("",), ("Service",)),))
READS = {
    "deny-host-pid": (Read(("spec", "hostPID")),),
    "deny-node-ports": (Read(("spec", "type")), Read(("spec", "ports", "*", "nodePort"))),
    "k8sallowedusers": (Read(("spec", "securityContext", "runAsUser")),),
    "require-image-tag": (Read(("spec", "{containers}", "*", "image")),),
}
CONCEPTS = (
    Concept(
        "processes", "host process namespace", ("sees every process", "host pid"), fields=("spec.hostPID",)
    ),
    Concept("root", "running as root", ("superuser account", "uid 0"), fields=("securityContext.runAsUser",)),
    Concept("exposure", "exposure to the outside", ("reachable from outside",), fields=("ports.nodePort",)),
    Concept("coffee", "coffee", ("out of beans",)),
)


@pytest.fixture(scope="session")
def small_library() -> Library:
    return Library(
        (PROCESSES, PORTS, FOREIGN, TAGS),
        (
            Constraint("deny-host-pid", "everywhere", match=PODS),
            Constraint("deny-host-pid", "shop", match=PODS),
            Constraint("deny-node-ports", "ports", match=SERVICES),
            Constraint("k8sallowedusers", "users", match=PODS),
        ),
    )


@pytest.fixture(scope="session")
def small_reads():
    return READS


@pytest.fixture(scope="session")
def small_thesaurus() -> Thesaurus:
    return Thesaurus(CONCEPTS)


@pytest.fixture(scope="session")
def small_pairs(small_library, small_thesaurus) -> Pairs:
    return Pairs(small_library, READS, small_thesaurus, Crosswalk())


@pytest.fixture(scope="session")
def small_meaning(small_library, small_thesaurus) -> Pairs:
    """The same with vectors, in which texts with words in common are near each other."""
    embedder = HashedWords()
    texts = texts_of(small_library)
    phrases = phrases_of(small_thesaurus)
    return Pairs(
        small_library,
        READS,
        small_thesaurus,
        Crosswalk(),
        Meanings(texts, embedder.vectors([one.text for one in texts])),
        dict(zip(phrases, embedder.vectors(phrases), strict=True)),
    )


@pytest.fixture(scope="session")
def verdicts(small_library):
    """Verdicts of all rows: those that are named, and else `passed`."""

    def of(**named):
        return [
            Verdict(one.id, constraint.name, named.get(one.id.replace("-", "_"), "passed"))
            for one in small_library.policies
            for constraint in small_library.constraints_of(one.id)
        ]

    return of
