package require_matching_instance_label_test

import data.lib.testing
import data.require_matching_instance_label

pod_with(parameters, metadata) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}}},
}

pod(metadata) := pod_with({}, metadata)

instance(value) := {"app.kubernetes.io/instance": value}

pointer := "/metadata/labels/app.kubernetes.io~1instance"

test_denied if {
	every metadata in [
		{"name": "cart"},
		{"name": "cart", "labels": null},
		{"name": "cart", "labels": instance("orders")},
		{"name": "cart", "labels": instance(null)},
		{"name": "cart", "labels": {"app.kubernetes.io/name": "cart"}},
		{"name": "cart", "generateName": "cart-", "labels": instance("cart-")},
		{"name": ["cart"], "labels": instance(["cart"])},
		{"name": "", "generateName": "", "labels": instance("orders")},
		{"generateName": ["cart-"], "labels": instance("cart-")},
		{},
		null,
	] {
		found := require_matching_instance_label.violation with input as pod(metadata)
		testing.paths(found) == {pointer}
	}
}

test_message if {
	found := require_matching_instance_label.violation with input as pod({"name": "cart", "labels": instance("orders")})
	testing.messages(found) == {`Pod "cart" does not have its name as label app.kubernetes.io/instance`}
}

test_allowed if {
	every metadata in [
		{"name": "cart", "labels": instance("cart")},
		{"generateName": "cart-"},
		{"name": "", "generateName": "cart-"},
		{"name": null, "generateName": "cart-", "labels": instance("orders")},
		{"name": "cart-x2v5q", "ownerReferences": [{"kind": "ReplicaSet", "name": "cart", "controller": true}]},
	] {
		count(require_matching_instance_label.violation) == 0 with input as pod(metadata)
	}
	no_pods := {"review": {"object": {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}}}}
	count(require_matching_instance_label.violation) == 0 with input as no_pods
}

test_exempt_objects if {
	every exempt in [["cart"], ["Pod/cart"], ["ca*"]] {
		count(require_matching_instance_label.violation) == 0 with input as pod_with({"exemptObjects": exempt}, {"name": "cart"})
	}
	every exempt in [["orders"], ["Deployment/cart"], {"a": "cart"}] {
		count(require_matching_instance_label.violation) == 1 with input as pod_with({"exemptObjects": exempt}, {"name": "cart"})
	}
}
