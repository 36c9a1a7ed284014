# METADATA
# title: Deny creation of service account tokens
# description: No Role or ClusterRole may make tokens of any ServiceAccount; a rule may name those that it is for.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request
#     description: Role Based Access Control Good Practices, token request
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
#     description: TokenRequest API reference
# custom:
#   id: deny-token-creation
#   kind: JadeDenyTokenCreation
#   severity: high
#   severity_reason: Its holder becomes the most powerful ServiceAccount that the role reaches, from anywhere.
#   reliability: high
#   tags: [cis:5.1.13, nsa:authn-authz, mitre:T1528, rbac, service-account]
#   features: [rbac.token_creation=true]
#   kinds: [rbac.authorization.k8s.io/Role, rbac.authorization.k8s.io/ClusterRole]
#   rationale: >-
#     `create` on `serviceaccounts/token` hands out a token of the ServiceAccount to whoever asks, without a pod and
#     outside the cluster. Vaults and certificate issuers need it for one ServiceAccount, which they can name in
#     `resourceNames`; the kubelet has its own way.
#   parameters:
#     allowNamed:
#       type: boolean
#       default: true
#       description: Whether a rule may grant it on the ServiceAccounts that its `resourceNames` list.
#     exemptRoles:
#       type: array
#       items: {type: string}
#       default: [ClusterRole/admin, ClusterRole/cluster-admin, ClusterRole/edit, "system:*"]
#       description: >-
#         Roles that are left alone, as `name` or `Kind/name`; `*` at the end stands for any rest. The default are those
#         that Kubernetes itself brings along.
#   remediation:
#     - path: "{violation}"
#       operation: remove-item
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Whose tokens are needed is known to the owner; name them in the resourceNames of a rule of their own. A wildcard
#         must be replaced by the resources that are used.
package deny_token_creation

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default allow_named := true

allow_named := input.parameters.allowNamed if is_boolean(input.parameters.allowNamed)

default exempt_roles := ["ClusterRole/admin", "ClusterRole/cluster-admin", "ClusterRole/edit", "system:*"]

exempt_roles := input.parameters.exemptRoles if is_array(input.parameters.exemptRoles)

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rbac.rules
	some index, resource in rule.resources
	resource in {"serviceaccounts/token", "*/token", "*"}
	some group in rule.api_groups
	group in {"", "*"}
	some verb in rule.verbs
	verb in {"create", "*"}
	not named(rule)
	not names.matches_resource(exempt_roles)
	msg := sprintf("%s makes tokens of any ServiceAccount: a rule grants create on %s", [k8s.label, resource])
	path := concat("/", [rule.pointer, "resources", format_int(index, 10)])
}

named(rule) if {
	allow_named
	rbac.named(rule)
}
