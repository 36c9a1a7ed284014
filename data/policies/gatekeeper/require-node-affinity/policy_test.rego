package require_node_affinity_test

import data.lib.testing
import data.require_node_affinity

affinity(value) := {"affinity": {"nodeAffinity": value}}

required(terms) := affinity({"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}})

preferred(terms) := affinity({"preferredDuringSchedulingIgnoredDuringExecution": terms})

term := {"matchExpressions": [{"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}]}

test_denied if {
	every spec in [
		{},
		{"affinity": null},
		{"affinity": "amd64"},
		{"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{}]}}},
		affinity(null),
		affinity({}),
		affinity([term]),
		affinity({"requiredDuringSchedulingIgnoredDuringExecution": null}),
		required(null),
		required([]),
		required("amd64"),
		preferred(null),
		preferred([]),
		preferred({"weight": 1}),
		{"nodeSelector": null},
		{"nodeSelector": {}},
		{"nodeSelector": "amd64"},
		{"nodeName": "node-1"},
	] {
		found := require_node_affinity.violation with input as testing.pod(spec)
		testing.paths(found) == {"/spec/affinity/nodeAffinity"}
		message := `Pod "shop/cart" does not say which nodes suit it: set node affinity or a node selector`
		testing.messages(found) == {message}
	}
}

test_allowed if {
	every spec in [
		required([term]),
		preferred([{"weight": 1, "preference": term}]),
		{"nodeSelector": {"kubernetes.io/arch": "amd64"}},
	] {
		count(require_node_affinity.violation) == 0 with input as testing.deployment(spec)
	}
}

test_what_has_no_pods if {
	count(require_node_affinity.violation) == 0 with input as {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
}

test_node_selectors_may_not_do if {
	parameters := {"acceptNodeSelector": false}
	selector := {"nodeSelector": {"kubernetes.io/arch": "amd64"}}
	found := require_node_affinity.violation with input as testing.pod_with(parameters, selector)
	testing.messages(found) == {`Pod "shop/cart" does not say which nodes suit it: set node affinity`}
	count(require_node_affinity.violation) == 0 with input as testing.pod_with(parameters, required([term]))
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	selector := {"nodeSelector": {"kubernetes.io/arch": "amd64"}}
	count(require_node_affinity.violation) == 0 with input as testing.pod_with({"acceptNodeSelector": null}, selector)
	count(require_node_affinity.violation) == 0 with input as testing.pod_with({"acceptNodeSelector": "no"}, selector)
	found := require_node_affinity.violation with input as testing.pod_with({"acceptNodeSelector": 0}, {})
	testing.messages(found) == {`Pod "shop/cart" does not say which nodes suit it: set node affinity or a node selector`}
}
