# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_dangling_role_bindings

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default known_roles := [
	"ClusterRole/admin",
	"ClusterRole/cluster-admin",
	"ClusterRole/edit",
	"ClusterRole/view",
	"Role/extension-apiserver-authentication-reader",
	"system:*",
]

known_roles := input.parameters.knownRoles if is_array(input.parameters.knownRoles)

violation contains {"msg": msg, "details": {"path": "/roleRef/name"}} if {
	role_ref := rbac.role_ref
	not exists
	not names.matches_object(role_ref.kind, role_ref.name, known_roles)
	msg := sprintf("%s refers to %s %q, which does not exist", [k8s.label, role_ref.kind, role_ref.name])
}

exists if {
	rbac.role_ref.kind == "ClusterRole"
	data.inventory.cluster["rbac.authorization.k8s.io/v1"].ClusterRole[rbac.role_ref.name]
}

exists if {
	rbac.role_ref.kind == "Role"
	k8s.kind == "RoleBinding"
	some role in inventory.objects("rbac.authorization.k8s.io/v1", "Role")
	role.metadata.name == rbac.role_ref.name
}
