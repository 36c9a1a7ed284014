# METADATA
# title: Deny bindings to missing roles
# description: The Role or ClusterRole that a binding refers to must exist.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding
#     description: Using RBAC Authorization, RoleBinding and ClusterRoleBinding
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodic-review
#     description: Role Based Access Control Good Practices, periodic review
# custom:
#   id: deny-dangling-role-bindings
#   kind: JadeDenyDanglingRoleBindings
#   severity: medium
#   severity_reason: Its subjects get nothing now, and later whatever somebody puts into a role of that name.
#   reliability: medium
#   tags: [nsa:authn-authz, rbac, referential]
#   features: [roleRef.exists=false]
#   kinds: [rbac.authorization.k8s.io/RoleBinding, rbac.authorization.k8s.io/ClusterRoleBinding]
#   inventory: [rbac.authorization.k8s.io/v1/ClusterRole, rbac.authorization.k8s.io/v1/Role]
#   rationale: >-
#     The API server takes a binding to a role that does not exist. Its subjects are refused everything, which looks like
#     a fault of theirs; and if a role of that name is made one day, they have it without a review. A role that is on the
#     way but not yet applied is not seen, hence the reliability.
#   parameters:
#     knownRoles:
#       type: array
#       items: {type: string}
#       default:
#         - ClusterRole/admin
#         - ClusterRole/cluster-admin
#         - ClusterRole/edit
#         - ClusterRole/view
#         - Role/extension-apiserver-authentication-reader
#         - "system:*"
#       description: >-
#         Roles that exist though they are not seen, as `name` or `Kind/name`; `*` at the end stands for any rest. The
#         default are those that Kubernetes itself brings along.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Which role is meant is known to the owner; else the role, or the binding that nobody needs, is what must change.
#         The field cannot be changed in the cluster; delete the binding and make it again.
#   without_cel: It must see the roles of the cluster, and CEL sees the reviewed object alone.
package deny_dangling_role_bindings

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
