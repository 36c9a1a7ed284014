package require_resource_quota_test

import data.lib.testing
import data.require_resource_quota

quotas(specs) := {"v1": {"ResourceQuota": {sprintf("q%d", [i]): {"spec": spec} | some i, spec in specs}}}

in_shop(specs) := {"namespace": {"shop": quotas(specs)}}

workload(parameters, metadata) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}}},
}

violations(parameters, inventory) := found if {
	asked := workload(parameters, {"name": "cart", "namespace": "shop"})
	found := require_resource_quota.violation with input as asked with data.inventory as inventory
}

both := {"hard": {"cpu": "4", "memory": "8Gi"}}

test_denied_without_a_quota if {
	every inventory in [
		{},
		{"namespace": {"shop": {}}},
		{"namespace": {"web": quotas([both])}},
		{"cluster": quotas([both])},
		in_shop([]),
	] {
		testing.paths(violations({}, inventory)) == {"/metadata/namespace"}
	}
}

test_messages if {
	nothing := violations({}, {})
	testing.messages(nothing) == {concat("", [
		`Pod "shop/cart" may use any amount of cpu and memory: `,
		`no ResourceQuota in namespace "shop" bounds it`,
	])}
	cpu := violations({}, in_shop([{"hard": {"limits.cpu": "4"}}]))
	testing.messages(cpu) == {concat("", [
		`Pod "shop/cart" may use any amount of memory: `,
		`no ResourceQuota in namespace "shop" bounds it`,
	])}
}

test_denied_where_the_quota_does_not_bind if {
	every spec in [
		null,
		{},
		{"hard": null},
		{"hard": ["cpu", "memory"]},
		{"hard": {"cpu": null, "memory": "8Gi"}},
		{"hard": {"pods": "10", "memory": "8Gi"}},
		object.union(both, {"scopes": ["BestEffort"]}),
		object.union(both, {"scopeSelector": {"matchExpressions": [{}]}}),
	] {
		count(violations({}, in_shop([spec]))) == 1
	}
}

test_allowed if {
	every specs in [
		[both],
		[{"hard": {"requests.cpu": "4", "limits.memory": "8Gi"}}],
		[{"hard": {"cpu": "4"}}, {"hard": {"requests.memory": "8Gi"}}],
		[object.union(both, {"scopes": [], "scopeSelector": {}})],
		[object.union(both, {"scopes": null, "scopeSelector": null})],
		[null, both],
	] {
		count(violations({}, in_shop(specs))) == 0
	}
}

test_resources if {
	parameters := {"resources": ["pods", 5]}
	count(violations(parameters, in_shop([both]))) == 1
	count(violations(parameters, in_shop([{"hard": {"pods": 10}}]))) == 0
}

test_parameters_of_another_type_do_not_count if {
	count(violations({"resources": {"any": "pods"}}, in_shop([both]))) == 0
	count(violations({"exemptNamespaces": {"any": "*"}}, {})) == 1
}

test_exempt_namespaces if {
	every namespace in ["kube-system", "kube-public", "kube-node-lease"] {
		found := require_resource_quota.violation with input as workload({}, {"namespace": namespace})
			with data.inventory as {}
		count(found) == 0
	}
	count(violations({"exemptNamespaces": ["sh*"]}, {})) == 0
	count(violations({"exemptNamespaces": ["sho"]}, {})) == 1
	other := workload({"exemptNamespaces": ["shop"]}, {"namespace": "kube-system"})
	found := require_resource_quota.violation with input as other with data.inventory as {}
	count(found) == 1
}

test_without_a_namespace_the_manifests_belong_together if {
	open := workload({}, {"name": "cart"})
	alone := require_resource_quota.violation with input as open with data.inventory as in_shop([both])
	testing.messages(alone) == {concat("", [
		`Pod "cart" may use any amount of cpu and memory: `,
		`no ResourceQuota in its namespace bounds it`,
	])}
	beside := require_resource_quota.violation with input as open with data.inventory as {"cluster": quotas([both])}
	count(beside) == 0
}

test_what_has_no_pods_is_left_alone if {
	service := {"review": {"object": {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "shop"}}}}
	found := require_resource_quota.violation with input as service with data.inventory as {}
	count(found) == 0
}
