"""A list of resources is no resource: no policy is for it, which would read as if none applied."""

import pytest

from jade_policy.verdicts import Review
from jade_ranker.domain.questions import QuestionError, prepared

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": []}}


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (
            {"apiVersion": "v1", "kind": "List", "items": [POD]},
            "resource is of kind List: give each of its items by itself",
        ),
        ({"apiVersion": "v1", "kind": "PodList", "items": []}, "resource is of kind PodList: give each"),
        (
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"object": POD}},
            "resource is of kind AdmissionReview: give it as `review`",
        ),
    ],
)
def test_what_wraps_resources_is_refused(resource, why):
    with pytest.raises(QuestionError, match=why):
        prepared(Review(resource))


@pytest.mark.parametrize(
    "resource",
    [
        POD,
        {"apiVersion": "foo.io/v1", "kind": "AllowList", "metadata": {"name": "a"}, "spec": {"items": [POD]}},
        {"apiVersion": "foo.io/v1", "kind": "AllowList", "metadata": {"name": "a"}},
    ],
)
def test_a_resource_of_its_own_is_taken(resource):
    assert prepared(Review(resource)).object == resource
