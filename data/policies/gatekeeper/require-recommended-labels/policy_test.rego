package require_recommended_labels_test

import data.lib.testing
import data.require_recommended_labels

both := {"app.kubernetes.io/name": "cart", "app.kubernetes.io/instance": "cart-eu"}

deployment(labels, pod_labels) := {"review": {"object": {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "cart", "namespace": "shop", "labels": labels},
	"spec": {"template": {"metadata": {"labels": pod_labels}, "spec": {"containers": []}}},
}}}

pod(metadata) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}}}}

test_each_place_needs_each_label if {
	found := require_recommended_labels.violation with input as deployment({}, {})
	testing.paths(found) == {
		"/metadata/labels/app.kubernetes.io~1name",
		"/metadata/labels/app.kubernetes.io~1instance",
		"/spec/template/metadata/labels/app.kubernetes.io~1name",
		"/spec/template/metadata/labels/app.kubernetes.io~1instance",
	}
}

test_messages if {
	name := {"app.kubernetes.io/instance": "cart-eu"}
	of_template := require_recommended_labels.violation with input as deployment(both, name)
	testing.messages(of_template) == {`Deployment "shop/cart" lacks label app.kubernetes.io/name at /spec/template/metadata/labels`}
	of_workload := require_recommended_labels.violation with input as deployment(name, both)
	testing.messages(of_workload) == {`Deployment "shop/cart" lacks label app.kubernetes.io/name at /metadata/labels`}
}

test_a_pod_is_its_own_template if {
	of_pod := require_recommended_labels.violation with input as pod({"name": "cart", "labels": {"app.kubernetes.io/name": "cart"}})
	testing.messages(of_pod) == {`Pod "cart" lacks label app.kubernetes.io/instance at /metadata/labels`}
}

test_denied_without_a_value if {
	every value in [null, "", " ", 5, ["cart"]] {
		labels := object.union(both, {"app.kubernetes.io/name": value})
		found := require_recommended_labels.violation with input as pod({"labels": labels})
		testing.paths(found) == {"/metadata/labels/app.kubernetes.io~1name"}
	}
	every labels in [null, "cart", ["app.kubernetes.io/name"]] {
		found := require_recommended_labels.violation with input as pod({"labels": labels})
		count(found) == 2
	}
}

test_allowed if {
	count(require_recommended_labels.violation) == 0 with input as deployment(both, both)
	count(require_recommended_labels.violation) == 0 with input as pod({"labels": both})
	no_pods := {"review": {"object": {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}, "spec": {}}}}
	count(require_recommended_labels.violation) == 0 with input as no_pods
}

test_what_a_controller_made if {
	reference := {"kind": "ReplicaSet", "name": "cart", "controller": true}
	count(require_recommended_labels.violation) == 0 with input as pod({"ownerReferences": [reference]})
	other := object.union(reference, {"controller": false})
	count(require_recommended_labels.violation) == 2 with input as pod({"ownerReferences": [other]})
}

test_labels if {
	asked := object.union(pod({"labels": {"tier": "web"}}), {"parameters": {"labels": ["tier", null]}})
	count(require_recommended_labels.violation) == 0 with input as asked
	missing := object.union(pod({"labels": both}), {"parameters": {"labels": ["tier"]}})
	count(require_recommended_labels.violation) == 1 with input as missing
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every labels in [null, "tier", {"a": "tier"}] {
		asked := object.union(pod({"labels": {"tier": "web"}}), {"parameters": {"labels": labels}})
		count(require_recommended_labels.violation) == 2 with input as asked
	}
}
