package deny_anonymous_bindings_test

import data.deny_anonymous_bindings
import data.lib.testing

binding(kind, name, subjects) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
	"subjects": subjects,
}}}

violations(parameters, asked) := found if {
	found := deny_anonymous_bindings.violation with input as object.union(asked, {"parameters": parameters})
}

anonymous := {"kind": "User", "name": "system:anonymous"}

unauthenticated := {"kind": "Group", "name": "system:unauthenticated"}

authenticated := {"kind": "Group", "name": "system:authenticated"}

test_denied if {
	every subject in [anonymous, unauthenticated, {"name": "system:anonymous"}] {
		every kind in ["RoleBinding", "ClusterRoleBinding"] {
			testing.paths(violations({}, binding(kind, "cart", [authenticated, subject]))) == {"/subjects/1/name"}
		}
	}
}

test_message if {
	found := violations({}, binding("RoleBinding", "cart", [anonymous]))
	testing.messages(found) == {`RoleBinding "cart" grants its role to system:anonymous, which stands for everybody`}
}

test_allowed if {
	every subjects in [null, [], "x", [null], [{"kind": "User", "name": "anonymous"}], [authenticated]] {
		count(violations({}, binding("RoleBinding", "cart", subjects))) == 0
	}
}

test_subjects if {
	parameters := {"subjects": ["system:authenticated"]}
	count(violations(parameters, binding("RoleBinding", "cart", [authenticated]))) == 1
	count(violations(parameters, binding("RoleBinding", "cart", [anonymous]))) == 0
	count(violations({"subjects": "system:authenticated"}, binding("RoleBinding", "cart", [anonymous]))) == 1
}

test_exempt_bindings if {
	count(violations({}, binding("ClusterRoleBinding", "system:public-info-viewer", [unauthenticated]))) == 0
	name := "kubeadm:bootstrap-signer-clusterinfo"
	count(violations({}, binding("RoleBinding", name, [anonymous]))) == 0
	count(violations({"exemptBindings": "cart"}, binding("RoleBinding", name, [anonymous]))) == 0
	count(violations({}, binding("ClusterRoleBinding", name, [anonymous]))) == 1
	count(violations({"exemptBindings": []}, binding("RoleBinding", name, [anonymous]))) == 1
	count(violations({"exemptBindings": ["cart"]}, binding("RoleBinding", "cart", [anonymous]))) == 0
	count(violations({"exemptBindings": "cart"}, binding("RoleBinding", "cart", [anonymous]))) == 1
}
