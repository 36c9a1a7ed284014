# METADATA
# title: Restrict access to Secrets
# description: No Role or ClusterRole may read all Secrets; a rule may name those that it reads.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets
#     description: Role Based Access Control Good Practices, listing secrets
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/#least-privilege-secrets
#     description: Good practices for Kubernetes Secrets, least-privilege access
# custom:
#   id: restrict-secret-access
#   kind: JadeRestrictSecretAccess
#   severity: high
#   severity_reason: Secrets hold the passwords of all else, and in older clusters tokens of ServiceAccounts.
#   reliability: high
#   tags: [cis:5.1.2, nsa:authn-authz, mitre:T1552.007, rbac, secrets]
#   features: [rbac.secrets=read]
#   kinds: [rbac.authorization.k8s.io/Role, rbac.authorization.k8s.io/ClusterRole]
#   rationale: >-
#     `list` and `watch` give the contents, just like `get`: a role for looking at things becomes one for every password
#     of the namespace, or of the cluster. A workload needs no role at all for the Secrets that its pod mounts. What
#     reads one by itself can name it in `resourceNames`.
#   parameters:
#     verbs:
#       type: array
#       items: {type: string}
#       default: [get, list, watch]
#       description: Verbs that no role may grant on Secrets; a wildcard grants them all.
#     allowNamed:
#       type: boolean
#       default: true
#       description: Whether a rule may grant them on the Secrets that its `resourceNames` list.
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
#         Which Secrets are read is known to the owner; name them in the resourceNames of a rule of their own. A wildcard
#         must be replaced by the resources that are used.
package restrict_secret_access

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default verbs := ["get", "list", "watch"]

verbs := input.parameters.verbs if is_array(input.parameters.verbs)

default allow_named := true

allow_named := input.parameters.allowNamed if is_boolean(input.parameters.allowNamed)

default exempt_roles := ["ClusterRole/admin", "ClusterRole/cluster-admin", "ClusterRole/edit", "system:*"]

exempt_roles := input.parameters.exemptRoles if is_array(input.parameters.exemptRoles)

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rbac.rules
	some index, resource in rule.resources
	resource in {"secrets", "*"}
	some group in rule.api_groups
	group in {"", "*"}
	granted := [verb | some verb in rule.verbs; unwanted(verb)]
	count(granted) > 0
	not named(rule)
	not names.matches_resource(exempt_roles)
	msg := sprintf("%s grants %s on all Secrets", [k8s.label, concat(", ", granted)])
	path := concat("/", [rule.pointer, "resources", format_int(index, 10)])
}

unwanted(verb) if verb in verbs

unwanted("*")

named(rule) if {
	allow_named
	rbac.named(rule)
}
