package deny_default_service_account_bindings_test

import data.deny_default_service_account_bindings as policy
import data.lib.testing

binding(kind, name, subjects) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
	"subjects": subjects,
}}}

violations(parameters, asked) := found if {
	found := policy.violation with input as object.union(asked, {"parameters": parameters})
}

account(name) := {"kind": "ServiceAccount", "name": name, "namespace": "shop"}

test_denied if {
	every subject in [
		account("default"),
		{"name": "default"},
		{"kind": null, "name": "default"},
		{"kind": "Group", "name": "system:serviceaccounts"},
		{"kind": "Group", "name": "system:serviceaccounts:shop"},
		{"kind": "User", "name": "system:serviceaccount:shop:default"},
	] {
		every kind in ["RoleBinding", "ClusterRoleBinding"] {
			found := violations({}, binding(kind, "cart", [account("cart"), subject]))
			testing.paths(found) == {"/subjects/1/name"}
		}
	}
}

test_message if {
	found := violations({}, binding("RoleBinding", "cart", [account("default")]))
	testing.messages(found) == {`RoleBinding "cart" grants its role to "default", which pods that name no ServiceAccount run as`}
}

test_allowed if {
	every subject in [
		account("cart"),
		account("defaults"),
		account("system:serviceaccounts"),
		account("system:serviceaccounts:shop"),
		account("system:serviceaccount:shop:default"),
		{"kind": "User", "name": "default"},
		{"kind": "Group", "name": "default"},
		{"kind": "User", "name": "system:serviceaccount:shop:cart"},
		{"kind": "User", "name": "shop:default"},
		{"kind": "Group", "name": "system:serviceaccountsx"},
		{"kind": "ServiceAccount", "name": null},
		null,
	] {
		count(violations({}, binding("RoleBinding", "cart", [subject]))) == 0
	}
	every subjects in [null, [], "default"] {
		count(violations({}, binding("RoleBinding", "cart", subjects))) == 0
	}
}

test_exempt_bindings if {
	built_in := binding("ClusterRoleBinding", "system:service-account-issuer-discovery", [account("default")])
	count(violations({}, built_in)) == 0
	count(violations({"exemptBindings": "cart"}, built_in)) == 0
	asked := binding("RoleBinding", "cart", [account("default")])
	count(violations({"exemptBindings": ["RoleBinding/cart"]}, asked)) == 0
	count(violations({"exemptBindings": ["orders"]}, asked)) == 1
	count(violations({"exemptBindings": "cart"}, asked)) == 1
}
