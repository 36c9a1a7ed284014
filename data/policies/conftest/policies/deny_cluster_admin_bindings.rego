# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_cluster_admin_bindings

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
