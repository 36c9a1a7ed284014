package require_namespace_network_policy_test

import data.lib.testing
import data.require_namespace_network_policy

namespace_with(parameters, name) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}},
}

namespace(name) := namespace_with({}, name)

policies(held) := {"networking.k8s.io/v1": {"NetworkPolicy": held}}

one := policies({"default-deny": {"spec": {"podSelector": {}}}})

test_denied if {
	every inventory in [
		{},
		{"namespace": {}},
		{"namespace": {"shop": {"v1": {"Pod": {"cart": {}}}}}},
		{"namespace": {"shop": policies({})}},
		{"namespace": {"shop": policies({"broken": null})}},
		{"namespace": {"web": one}},
		{"cluster": one},
	] {
		found := require_namespace_network_policy.violation with input as namespace("shop") with data.inventory as inventory
		testing.paths(found) == {"/metadata/name"}
		testing.messages(found) == {`Namespace "shop" holds no NetworkPolicy: its pods are open to all pods of the cluster`}
	}
}

test_allowed if {
	inventory := {"namespace": {"shop": one}}
	count(require_namespace_network_policy.violation) == 0 with input as namespace("shop") with data.inventory as inventory
}

test_a_name_of_a_wrong_type_holds_nothing if {
	every name in [["shop"], 5, null, {}] {
		inventory := {"namespace": {"shop": one}}
		count(require_namespace_network_policy.violation) == 1 with input as namespace(name) with data.inventory as inventory
	}
}

test_namespaces_of_kubernetes_that_hold_no_pods if {
	every name in ["kube-node-lease", "kube-public"] {
		count(require_namespace_network_policy.violation) == 0 with input as namespace(name) with data.inventory as {}
	}
	count(require_namespace_network_policy.violation) == 1 with input as namespace("kube-system") with data.inventory as {}
}

test_exempt_namespaces if {
	parameters := {"exemptNamespaces": ["kube-system", "sandbox-*"]}
	every name in ["kube-system", "sandbox-ada"] {
		count(require_namespace_network_policy.violation) == 0 with input as namespace_with(parameters, name) with data.inventory as {}
	}
	every name in ["kube-public", "sandbox"] {
		count(require_namespace_network_policy.violation) == 1 with input as namespace_with(parameters, name) with data.inventory as {}
	}
	every unread in [null, {"exemptNamespaces": null}, {"exemptNamespaces": {"a": "shop"}}] {
		count(require_namespace_network_policy.violation) == 1 with input as namespace_with(unread, "shop") with data.inventory as {}
	}
}

test_only_namespaces_are_judged if {
	object := {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}}
	count(require_namespace_network_policy.violation) == 0 with input as {"review": {"object": object}} with data.inventory as {}
}
