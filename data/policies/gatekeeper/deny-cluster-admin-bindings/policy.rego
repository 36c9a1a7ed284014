# METADATA
# title: Deny bindings to cluster-admin
# description: No RoleBinding or ClusterRoleBinding may refer to the ClusterRole cluster-admin.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
#     description: Using RBAC Authorization, user-facing roles
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
#     description: Role Based Access Control Good Practices, least privilege
# custom:
#   id: deny-cluster-admin-bindings
#   kind: JadeDenyClusterAdminBindings
#   severity: critical
#   severity_reason: Whoever gets hold of one of its subjects owns the cluster, or at least the namespace.
#   reliability: high
#   tags: [cis:5.1.1, nsa:authn-authz, mitre:T1098.006, rbac]
#   features: [roleRef.name=cluster-admin]
#   kinds: [rbac.authorization.k8s.io/RoleBinding, rbac.authorization.k8s.io/ClusterRoleBinding]
#   rationale: >-
#     cluster-admin may do everything to everything, nodes and other people's Secrets included; a RoleBinding grants the
#     same within its namespace, where it may rewrite every role. Programs that ask for it mostly need a dozen rules that
#     nobody has written down yet.
#   parameters:
#     roles:
#       type: array
#       items: {type: string}
#       default: [cluster-admin]
#       description: ClusterRoles that no binding may refer to.
#     exemptBindings:
#       type: array
#       items: {type: string}
#       default: [ClusterRoleBinding/cluster-admin, "ClusterRoleBinding/kubeadm:cluster-admins"]
#       description: >-
#         Bindings that are left alone, as `name` or `Kind/name`; `*` at the end stands for any rest. The default are
#         those that Kubernetes and kubeadm bring along.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         A role of its own with what the subject uses, known from the API server's audit log. The field cannot be changed
#         in the cluster; delete the binding and make it again.
package deny_cluster_admin_bindings

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default roles := ["cluster-admin"]

roles := input.parameters.roles if is_array(input.parameters.roles)

default exempt_bindings := ["ClusterRoleBinding/cluster-admin", "ClusterRoleBinding/kubeadm:cluster-admins"]

exempt_bindings := input.parameters.exemptBindings if is_array(input.parameters.exemptBindings)

violation contains {"msg": msg, "details": {"path": "/roleRef/name"}} if {
	rbac.role_ref.name in roles

	# A Role may have any name; one that is no Role is taken for a ClusterRole.
	rbac.role_ref.kind != "Role"
	not names.matches_resource(exempt_bindings)
	msg := sprintf("%s binds its subjects to ClusterRole %s", [k8s.label, rbac.role_ref.name])
}
