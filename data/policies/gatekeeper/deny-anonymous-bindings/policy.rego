# METADATA
# title: Deny roles of anonymous users
# description: No binding may grant a role to system:anonymous or system:unauthenticated.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests
#     description: Authenticating, anonymous requests
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
#     description: Using RBAC Authorization, API discovery roles
# custom:
#   id: deny-anonymous-bindings
#   kind: JadeDenyAnonymousBindings
#   severity: critical
#   severity_reason: Whoever reaches the API server has the role, without a password; scanners of the internet find it.
#   reliability: high
#   tags: [nsa:authn-authz, mitre:T1133, rbac]
#   features: [subjects.anonymous=true]
#   kinds: [rbac.authorization.k8s.io/RoleBinding, rbac.authorization.k8s.io/ClusterRoleBinding]
#   rationale: >-
#     A request without credentials is that of the user `system:anonymous` in the group `system:unauthenticated`. What is
#     granted to them is granted to everybody who reaches the API server. Where a cloud's users all count as
#     authenticated, `system:authenticated` is hardly better; add it to `subjects` there.
#   parameters:
#     subjects:
#       type: array
#       items: {type: string}
#       default: ["system:anonymous", "system:unauthenticated"]
#       description: Users and groups that stand for everybody.
#     exemptBindings:
#       type: array
#       items: {type: string}
#       default: ["RoleBinding/kubeadm:bootstrap-signer-clusterinfo", "system:*"]
#       description: >-
#         Bindings that are left alone, as `name` or `Kind/name`; `*` at the end stands for any rest. The default are
#         those that Kubernetes and kubeadm bring along.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Who really calls is known to the owner or from the audit log; mostly the whole binding can go.
package deny_anonymous_bindings

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default subjects := ["system:anonymous", "system:unauthenticated"]

subjects := input.parameters.subjects if is_array(input.parameters.subjects)

default exempt_bindings := ["RoleBinding/kubeadm:bootstrap-signer-clusterinfo", "system:*"]

exempt_bindings := input.parameters.exemptBindings if is_array(input.parameters.exemptBindings)

violation contains {"msg": msg, "details": {"path": path}} if {
	some subject in rbac.subjects
	subject.name in subjects
	not names.matches_resource(exempt_bindings)
	msg := sprintf("%s grants its role to %s, which stands for everybody", [k8s.label, subject.name])
	path := concat("/", [subject.pointer, "name"])
}
