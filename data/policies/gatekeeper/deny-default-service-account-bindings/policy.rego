# METADATA
# title: Deny roles of default service accounts
# description: No binding may grant a role to a ServiceAccount named default, nor to all ServiceAccounts.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#service-account-permissions
#     description: Using RBAC Authorization, ServiceAccount permissions
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts
#     description: Service Accounts, default service accounts
# custom:
#   id: deny-default-service-account-bindings
#   kind: JadeDenyDefaultServiceAccountBindings
#   severity: medium
#   severity_reason: How much it opens depends on the role; it opens it to every pod that asks for nothing.
#   reliability: high
#   tags: [cis:5.1.5, nsa:authn-authz, mitre:T1078.001, rbac, service-account]
#   features: [subjects.default_service_account=true]
#   kinds: [rbac.authorization.k8s.io/RoleBinding, rbac.authorization.k8s.io/ClusterRoleBinding]
#   rationale: >-
#     The ServiceAccount `default` belongs to every pod that names none, so what is granted to it for one of them is
#     granted to all, those of next year included. The groups `system:serviceaccounts` and
#     `system:serviceaccounts:NAMESPACE` hold it too.
#   parameters:
#     exemptBindings:
#       type: array
#       items: {type: string}
#       default: ["system:*"]
#       description: >-
#         Bindings that are left alone, as `name` or `Kind/name`; `*` at the end stands for any rest. The default are
#         those that Kubernetes itself brings along.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The ServiceAccount of the workload that uses the role, which its owner must make and name in the workload.
package deny_default_service_account_bindings

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default exempt_bindings := ["system:*"]

exempt_bindings := input.parameters.exemptBindings if is_array(input.parameters.exemptBindings)

violation contains {"msg": msg, "details": {"path": path}} if {
	some subject in rbac.subjects
	holds_default_account(subject)
	not names.matches_resource(exempt_bindings)
	msg := sprintf("%s grants its role to %q, which pods that name no ServiceAccount run as", [k8s.label, subject.name])
	path := concat("/", [subject.pointer, "name"])
}

# A subject of no known kind is taken for a ServiceAccount.
holds_default_account(subject) if {
	subject.name == "default"
	not subject.kind in {"Group", "User"}
}

holds_default_account(subject) if {
	subject.kind != "ServiceAccount"
	subject.name == "system:serviceaccounts"
}

holds_default_account(subject) if {
	subject.kind != "ServiceAccount"
	startswith(subject.name, "system:serviceaccounts:")
}

# The name that a ServiceAccount has as a user.
holds_default_account(subject) if {
	subject.kind != "ServiceAccount"
	startswith(subject.name, "system:serviceaccount:")
	endswith(subject.name, ":default")
}
