package deny_bare_pods_test

import data.deny_bare_pods
import data.lib.testing

pod_with(parameters, metadata) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}}},
}

pod(metadata) := pod_with({}, metadata)

owned(controller) := {"name": "cart", "ownerReferences": [{"kind": "ReplicaSet", "name": "cart", "controller": controller}]}

test_denied if {
	every metadata in [
		null,
		{},
		{"name": "cart"},
		{"name": "cart", "ownerReferences": null},
		{"name": "cart", "ownerReferences": []},
		owned(false),
		owned("true"),
		owned(null),
		{"name": "cart", "annotations": {"helm.sh/hook": ""}},
		{"name": "cart", "annotations": {"helm.sh/hook": null}},
		{"name": "cart", "annotations": {"helm.sh/resource-policy": "keep"}},
		{"name": "cart", "annotations": ["helm.sh/hook"]},
	] {
		found := deny_bare_pods.violation with input as pod(metadata)
		testing.paths(found) == {"/metadata/ownerReferences"}
	}
}

test_message if {
	found := deny_bare_pods.violation with input as pod({"name": "cart"})
	testing.messages(found) == {`Pod "cart" has no controller: nothing puts it back when it is gone`}
}

test_allowed if {
	count(deny_bare_pods.violation) == 0 with input as pod(owned(true))
	count(deny_bare_pods.violation) == 0 with input as testing.deployment({})
	every annotation in ["helm.sh/hook", "kubernetes.io/config.mirror"] {
		count(deny_bare_pods.violation) == 0 with input as pod({"name": "cart", "annotations": {annotation: "test"}})
	}
}

test_exempt_annotations if {
	parameters := {"exemptAnnotations": ["shop.example.com/debug"]}
	debug := {"annotations": {"shop.example.com/debug": "yes"}}
	count(deny_bare_pods.violation) == 0 with input as pod_with(parameters, debug)
	count(deny_bare_pods.violation) == 1 with input as pod(debug)
	count(deny_bare_pods.violation) == 1 with input as pod_with(parameters, {"annotations": {"helm.sh/hook": "test"}})
	count(deny_bare_pods.violation) == 1 with input as pod_with({"exemptAnnotations": {"a": "shop.example.com/debug"}}, debug)
}

test_exempt_pods if {
	every exempt in [["cart"], ["ca*"]] {
		count(deny_bare_pods.violation) == 0 with input as pod_with({"exemptPods": exempt}, {"name": "cart"})
	}
	every exempt in [["orders"], {"a": "cart"}, null] {
		count(deny_bare_pods.violation) == 1 with input as pod_with({"exemptPods": exempt}, {"name": "cart"})
	}
}
