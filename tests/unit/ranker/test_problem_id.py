"""One problem, whoever sees it."""

from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.answers import problem_id
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.ranking import Ranked

CART = "Deployment shop/cart"
PRIVILEGED = Ranked(
    Verdict("deny-privileged-pods", "c", "violated", None, (Violation("m", "/spec/0"),)),
    3.0,
    (),
    (0, 0, "", ""),
)


def test_same_resource_policy_and_path_are_one_problem():
    one = problem_id("f1", Finding("checkov", "A", "x"), CART, "/spec/0", [PRIVILEGED], none_applies=False)
    other = problem_id("f2", Finding("trivy", "B", "y"), CART, None, [PRIVILEGED], none_applies=False)
    assert one == other


def test_another_resource_is_another_problem():
    cart = problem_id("f1", None, CART, None, [PRIVILEGED], none_applies=False)
    other = problem_id("f1", None, "Deployment shop/web", None, [PRIVILEGED], none_applies=False)
    assert cart != other


def test_where_no_policy_says_the_same_the_rule_tells_problems_apart():
    probe = Finding("checkov", "CKV_K8S_8", "Liveness probe")
    limits = Finding("checkov", "CKV_K8S_9", "Readiness probe")
    ids = [
        problem_id("f", finding, CART, None, [PRIVILEGED], none_applies=True)
        for finding in (probe, probe, limits)
    ]
    assert ids[0] == ids[1] != ids[2]


def test_without_a_resource_every_finding_is_its_own_problem():
    ids = {problem_id(name, None, None, None, [], none_applies=True) for name in ("f1", "f2")}
    assert len(ids) == 2
