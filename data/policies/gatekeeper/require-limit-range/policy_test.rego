package require_limit_range_test

import data.lib.testing
import data.require_limit_range

ranges(items) := {"v1": {"LimitRange": {sprintf("r%d", [i]): {"spec": {"limits": [item]}} | some i, item in items}}}

in_shop(items) := {"namespace": {"shop": ranges(items)}}

workload(parameters, metadata) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}}},
}

violations(parameters, inventory) := found if {
	asked := workload(parameters, {"name": "cart", "namespace": "shop"})
	found := require_limit_range.violation with input as asked with data.inventory as inventory
}

both := {"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}}

test_denied_without_a_limit_range if {
	every inventory in [
		{},
		{"namespace": {"shop": {}}},
		{"namespace": {"web": ranges([both])}},
		{"cluster": ranges([both])},
		{"namespace": {"shop": {"v1": {"LimitRange": {"odd": {"spec": {"limits": null}}, "none": {"spec": 5}}}}}},
		in_shop([]),
	] {
		testing.paths(violations({}, inventory)) == {"/metadata/namespace"}
	}
}

test_messages if {
	nothing := violations({}, {})
	testing.messages(nothing) == {concat("", [
		`Containers of Pod "shop/cart" get no default limit for cpu and memory: `,
		`no LimitRange in namespace "shop" sets one`,
	])}
	cpu := violations({}, in_shop([{"type": "Container", "max": {"cpu": "1"}}]))
	testing.messages(cpu) == {concat("", [
		`Containers of Pod "shop/cart" get no default limit for memory: `,
		`no LimitRange in namespace "shop" sets one`,
	])}
}

test_denied_where_no_default_comes_from_it if {
	every item in [
		null,
		{},
		object.union(both, {"type": "Pod"}),
		{"type": "Container", "defaultRequest": {"cpu": "1", "memory": "1Gi"}},
		{"type": "Container", "default": ["cpu", "memory"]},
		{"type": "Container", "default": {"cpu": null, "memory": "1Gi"}},
		{"type": "Container", "default": null, "max": null},
	] {
		count(violations({}, in_shop([item]))) == 1
	}
}

test_allowed if {
	every items in [
		[both],
		[{"type": "Container", "max": {"cpu": "1", "memory": "1Gi"}}],
		[{"type": "Container", "default": {"cpu": "1"}, "max": {"memory": "1Gi"}}],
		[{"type": "Container", "default": {"cpu": "1"}}, {"type": "Container", "default": {"memory": "1Gi"}}],
		[null, both],
	] {
		count(violations({}, in_shop(items))) == 0
	}
}

test_resources if {
	parameters := {"resources": ["ephemeral-storage", 5]}
	count(violations(parameters, in_shop([both]))) == 1
	storage := {"type": "Container", "default": {"ephemeral-storage": "1Gi"}}
	count(violations(parameters, in_shop([storage]))) == 0
}

test_parameters_of_another_type_do_not_count if {
	count(violations({"resources": {"any": "pods"}}, in_shop([both]))) == 0
	count(violations({"exemptNamespaces": {"any": "*"}}, {})) == 1
}

test_exempt_namespaces if {
	every namespace in ["kube-system", "kube-public", "kube-node-lease"] {
		found := require_limit_range.violation with input as workload({}, {"namespace": namespace})
			with data.inventory as {}
		count(found) == 0
	}
	count(violations({"exemptNamespaces": ["sh*"]}, {})) == 0
	count(violations({"exemptNamespaces": ["sho"]}, {})) == 1
	other := workload({"exemptNamespaces": ["shop"]}, {"namespace": "kube-system"})
	found := require_limit_range.violation with input as other with data.inventory as {}
	count(found) == 1
}

test_without_a_namespace_the_manifests_belong_together if {
	open := workload({}, {"name": "cart"})
	alone := require_limit_range.violation with input as open with data.inventory as in_shop([both])
	testing.messages(alone) == {concat("", [
		`Containers of Pod "cart" get no default limit for cpu and memory: `,
		`no LimitRange in its namespace sets one`,
	])}
	beside := require_limit_range.violation with input as open with data.inventory as {"cluster": ranges([both])}
	count(beside) == 0
}

test_what_has_no_pods_is_left_alone if {
	service := {"review": {"object": {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "shop"}}}}
	found := require_limit_range.violation with input as service with data.inventory as {}
	count(found) == 0
}
