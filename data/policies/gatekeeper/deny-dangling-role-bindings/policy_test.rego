package deny_dangling_role_bindings_test

import data.deny_dangling_role_bindings
import data.lib.testing

binding(kind, metadata, role_ref) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": metadata,
	"roleRef": role_ref,
}}}

in_shop := {"name": "cart", "namespace": "shop"}

roles(kind, names) := {"rbac.authorization.k8s.io/v1": {kind: {name: {"metadata": {"name": name}} | some name in names}}}

held := {
	"cluster": roles("ClusterRole", ["reader", "writer"]),
	"namespace": {"shop": roles("Role", ["cart"]), "web": roles("Role", ["front"])},
}

cluster_role(name) := {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}

role(name) := {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}

violations(asked, inventory) := found if {
	found := deny_dangling_role_bindings.violation with input as asked with data.inventory as inventory
}

test_denied if {
	every role_ref in [cluster_role("gone"), role("gone"), role("front"), role("reader"), cluster_role("cart"), {"name": "reader"}] {
		testing.paths(violations(binding("RoleBinding", in_shop, role_ref), held)) == {"/roleRef/name"}
	}
	every inventory in [{}, {"cluster": null}, {"cluster": {}, "namespace": {"shop": {}}}] {
		every role_ref in [cluster_role("reader"), role("cart")] {
			count(violations(binding("RoleBinding", in_shop, role_ref), inventory)) == 1
		}
	}
	count(violations(binding("ClusterRoleBinding", {"name": "cart"}, cluster_role("gone")), held)) == 1
}

test_message if {
	found := violations(binding("RoleBinding", in_shop, role("front")), held)
	testing.messages(found) == {`RoleBinding "shop/cart" refers to Role "front", which does not exist`}
}

test_allowed if {
	every role_ref in [cluster_role("reader"), role("cart"), cluster_role("view"), cluster_role("system:auth-delegator")] {
		count(violations(binding("RoleBinding", in_shop, role_ref), held)) == 0
	}
	count(violations(binding("ClusterRoleBinding", {"name": "cart"}, cluster_role("writer")), held)) == 0
}

test_a_cluster_role_binding_has_no_roles_of_a_namespace if {
	beside := {"cluster": roles("Role", ["cart"])}
	count(violations(binding("RoleBinding", {"name": "cart"}, role("cart")), beside)) == 0
	count(violations(binding("ClusterRoleBinding", {"name": "cart"}, role("cart")), beside)) == 1
}

test_without_a_namespace_the_manifests_belong_together if {
	asked := binding("RoleBinding", {"name": "cart"}, role("cart"))
	count(violations(asked, {"namespace": {"default": roles("Role", ["cart"])}})) == 0
	count(violations(asked, held)) == 1
}

test_known_roles if {
	asked := binding("RoleBinding", in_shop, cluster_role("edit"))
	count(violations(asked, held)) == 0
	count(violations(object.union(asked, {"parameters": {"knownRoles": []}}), held)) == 1
	count(violations(object.union(asked, {"parameters": {"knownRoles": "edit"}}), held)) == 0
	unseen := binding("RoleBinding", in_shop, role("mesh-reader"))
	count(violations(object.union(unseen, {"parameters": {"knownRoles": ["Role/mesh-*"]}}), held)) == 0
}

test_other_kinds_are_left_alone if {
	count(violations(binding("Role", in_shop, role("gone")), held)) == 0
}
