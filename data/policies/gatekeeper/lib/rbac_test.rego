package lib.rbac_test

import data.lib.rbac

reviewed(kind, fields) := {"review": {"object": object.union(
	{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"name": "cart"}},
	fields,
)}}

rule := {"apiGroups": ["apps"], "resources": ["deployments"], "resourceNames": ["cart"], "verbs": ["get", "patch"]}

test_rules_of_roles_and_cluster_roles if {
	every kind in ["Role", "ClusterRole"] {
		found := rbac.rules with input as reviewed(kind, {"rules": [rule, {"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]})
		found == [
			{
				"pointer": "/rules/0",
				"api_groups": ["apps"],
				"resources": ["deployments"],
				"resource_names": ["cart"],
				"verbs": ["get", "patch"],
				"urls": [],
			},
			{
				"pointer": "/rules/1",
				"api_groups": [],
				"resources": [],
				"resource_names": [],
				"verbs": ["get"],
				"urls": ["/metrics"],
			},
		]
	}
}

test_other_kinds_have_no_rules if {
	every kind in ["RoleBinding", "ClusterRoleBinding", "Roles"] {
		rbac.rules == [] with input as reviewed(kind, {"rules": [rule]})
	}
	rbac.rules == [] with input as {"review": {"object": {"apiVersion": "v1", "kind": "Role", "rules": [rule]}}}
}

test_rules_of_the_wrong_type_are_empty if {
	every rules in [null, "x", {}, [], [null, "x", []]] {
		rbac.rules == [] with input as reviewed("Role", {"rules": rules})
	}
	found := rbac.rules with input as reviewed("Role", {"rules": [null, {"verbs": "get", "resources": [5, "pods", null]}]})
	[[entry.pointer, entry.verbs, entry.resources, entry.api_groups] | some entry in found] == [["/rules/1", [], ["pods"], []]]
}

test_subjects_of_bindings if {
	every kind in ["RoleBinding", "ClusterRoleBinding"] {
		found := rbac.subjects with input as reviewed(kind, {"subjects": [
			{"kind": "ServiceAccount", "name": "cart", "namespace": "shop"},
			null,
			{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": 5},
		]})
		found == [
			{"pointer": "/subjects/0", "kind": "ServiceAccount", "api_group": "", "name": "cart", "namespace": "shop"},
			{"pointer": "/subjects/2", "kind": "Group", "api_group": rbac.group, "name": "", "namespace": ""},
		]
	}
	rbac.subjects == [] with input as reviewed("Role", {"subjects": [{"kind": "User", "name": "a"}]})
	rbac.subjects == [] with input as reviewed("RoleBinding", {"subjects": null})
	rbac.subjects == [] with input as reviewed("RoleBinding", {})
}

test_role_ref_of_bindings if {
	ref := {"kind": "ClusterRole", "name": "view", "apiGroup": "rbac.authorization.k8s.io"}
	found := rbac.role_ref with input as reviewed("RoleBinding", {"roleRef": ref})
	found == {"pointer": "/roleRef", "kind": "ClusterRole", "name": "view", "api_group": "rbac.authorization.k8s.io"}
	rbac.role_ref.name == "" with input as reviewed("RoleBinding", {"roleRef": {"name": ["view"]}})
	not rbac.role_ref with input as reviewed("RoleBinding", {"roleRef": "view"})
	not rbac.role_ref with input as reviewed("RoleBinding", {})
	not rbac.role_ref with input as reviewed("Role", {"roleRef": ref})
}

test_a_rule_is_named_where_it_lists_nothing_but_names if {
	every names in [["cart"], ["cart", "orders"]] {
		rbac.named({"resource_names": names})
	}
	every names in [[], [""], ["cart", ""]] {
		not rbac.named({"resource_names": names})
	}
}
