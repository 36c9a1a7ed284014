package deny_cluster_admin_bindings_test

import data.deny_cluster_admin_bindings
import data.lib.testing

binding(kind, name, role_ref) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"roleRef": role_ref,
}}}

violations(parameters, asked) := found if {
	found := deny_cluster_admin_bindings.violation with input as object.union(asked, {"parameters": parameters})
}

cluster_role(name) := {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}

test_denied if {
	every role_ref in [
		cluster_role("cluster-admin"),
		object.union(cluster_role("cluster-admin"), {"kind": null}),
		{"name": "cluster-admin"},
	] {
		every kind in ["RoleBinding", "ClusterRoleBinding"] {
			testing.paths(violations({}, binding(kind, "cart", role_ref))) == {"/roleRef/name"}
		}
	}
}

test_message if {
	found := violations({}, binding("RoleBinding", "cart", cluster_role("cluster-admin")))
	testing.messages(found) == {`RoleBinding "cart" binds its subjects to ClusterRole cluster-admin`}
}

test_allowed if {
	every role_ref in [
		cluster_role("view"),
		{"kind": "Role", "name": "cluster-admin"},
		cluster_role("cluster-admins"),
		null,
		"cluster-admin",
		{},
	] {
		count(violations({}, binding("RoleBinding", "cart", role_ref))) == 0
	}
	count(violations({}, binding("Role", "cart", cluster_role("cluster-admin")))) == 0
}

test_roles if {
	parameters := {"roles": ["shop-root"]}
	count(violations(parameters, binding("RoleBinding", "cart", cluster_role("shop-root")))) == 1
	count(violations(parameters, binding("RoleBinding", "cart", cluster_role("cluster-admin")))) == 0
	count(violations({"roles": "shop-root"}, binding("RoleBinding", "cart", cluster_role("cluster-admin")))) == 1
}

test_exempt_bindings if {
	every name in ["cluster-admin", "kubeadm:cluster-admins"] {
		asked := binding("ClusterRoleBinding", name, cluster_role("cluster-admin"))
		count(violations({}, asked)) == 0
		count(violations({"exemptBindings": []}, asked)) == 1
		count(violations({"exemptBindings": "cart"}, asked)) == 0
		count(violations({}, binding("RoleBinding", name, cluster_role("cluster-admin")))) == 1
	}
	asked := binding("ClusterRoleBinding", "break-glass", cluster_role("cluster-admin"))
	count(violations({"exemptBindings": ["break-*"]}, asked)) == 0
	count(violations({"exemptBindings": "break-*"}, asked)) == 1
}
