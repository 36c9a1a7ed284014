package deny_default_namespace_test

import data.deny_default_namespace
import data.lib.testing

asked(parameters, metadata) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "Service", "metadata": metadata}},
}

test_denied if {
	every metadata in [
		{"name": "cart", "namespace": "default"},
		{"name": "cart", "namespace": ""},
		{"name": "cart", "namespace": null},
		{"name": "cart", "namespace": ["shop"]},
		{"name": "cart"},
		{"name": "kubernetes-2", "namespace": "default"},
		{"name": ["kubernetes"], "namespace": "default"},
		{},
		null,
		"shop",
	] {
		found := deny_default_namespace.violation with input as asked({}, metadata)
		testing.paths(found) == {"/metadata/namespace"}
	}
}

test_messages if {
	stated := deny_default_namespace.violation with input as asked({}, {"name": "cart", "namespace": "default"})
	testing.messages(stated) == {`Service "default/cart" belongs in a namespace of its own, not in default`}
	open := deny_default_namespace.violation with input as asked({}, {"name": "cart"})
	testing.messages(open) == {`Service "cart" names no namespace and would be created in default`}
}

test_allowed if {
	every namespace in ["shop", "defaults", "kube-system"] {
		count(deny_default_namespace.violation) == 0 with input as asked({}, {"name": "cart", "namespace": namespace})
	}
}

test_the_namespace_of_the_request if {
	of_request := {"review": {
		"object": {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cart"}},
		"namespace": "shop",
	}}
	count(deny_default_namespace.violation) == 0 with input as of_request
	to_default := object.union(of_request, {"review": {"namespace": "default"}})
	count(deny_default_namespace.violation) == 1 with input as to_default
}

test_what_kubernetes_puts_there if {
	every kind, name in {"ConfigMap": "kube-root-ca.crt", "Service": "kubernetes", "ServiceAccount": "default"} {
		object_of_kind := {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "default"}}
		count(deny_default_namespace.violation) == 0 with input as {"review": {"object": object_of_kind}}
		another := object.union(object_of_kind, {"kind": "Pod"})
		count(deny_default_namespace.violation) == 1 with input as {"review": {"object": another}}
	}
}

test_parameters if {
	there := {"name": "cart", "namespace": "default"}
	every exempt in [["cart"], ["Service/cart"], ["Service/*"]] {
		count(deny_default_namespace.violation) == 0 with input as asked({"exemptObjects": exempt}, there)
	}
	count(deny_default_namespace.violation) == 1 with input as asked({"exemptObjects": []}, {"name": "kubernetes"})
	count(deny_default_namespace.violation) == 0 with input as asked({"allowUnstated": true}, {"name": "cart"})
	count(deny_default_namespace.violation) == 1 with input as asked({"allowUnstated": true}, there)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"allowUnstated": "yes"}, {"exemptObjects": {"a": "cart"}}] {
		count(deny_default_namespace.violation) == 1 with input as asked(parameters, {"name": "cart"})
	}
	kubernetes := {"name": "kubernetes", "namespace": "default"}
	count(deny_default_namespace.violation) == 0 with input as asked({"exemptObjects": null}, kubernetes)
}
