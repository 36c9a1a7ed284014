# METADATA
# title: Deny escalation of rights
# description: No Role or ClusterRole may grant `escalate` or `bind` on roles, or `impersonate` on users.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
#     description: Using RBAC Authorization, privilege escalation prevention
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb
#     description: Role Based Access Control Good Practices, privilege escalation risks
# custom:
#   id: deny-rbac-escalation
#   kind: JadeDenyRbacEscalation
#   severity: critical
#   severity_reason: Each of the three verbs is as good as cluster-admin in two requests.
#   reliability: high
#   tags: [cis:5.1.8, nsa:authn-authz, mitre:T1098.006, rbac]
#   features: [rbac.escalation=true]
#   kinds: [rbac.authorization.k8s.io/Role, rbac.authorization.k8s.io/ClusterRole]
#   rationale: >-
#     Nobody can grant what they do not have themselves: that is what keeps RBAC together, and these verbs are the ways
#     around it. `escalate` writes any right into a role, `bind` gives any role away, `impersonate` acts as somebody else.
#     A wildcard among the verbs holds them too. Where a role must be given away, name that one in `resourceNames`.
#   parameters:
#     verbs:
#       type: array
#       items: {type: string, enum: [bind, escalate, impersonate]}
#       default: [bind, escalate, impersonate]
#       description: Verbs that no role may grant.
#     allowNamed:
#       type: boolean
#       default: false
#       description: Whether a rule may grant them on the roles or users that its `resourceNames` list.
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
#       note: Whether its holder gives roles away for a living is known to the owner; for `*`, the verbs that are used.
package deny_rbac_escalation

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default verbs := ["bind", "escalate", "impersonate"]

verbs := input.parameters.verbs if is_array(input.parameters.verbs)

default allow_named := false

allow_named := input.parameters.allowNamed if is_boolean(input.parameters.allowNamed)

default exempt_roles := ["ClusterRole/admin", "ClusterRole/cluster-admin", "ClusterRole/edit", "system:*"]

exempt_roles := input.parameters.exemptRoles if is_array(input.parameters.exemptRoles)

# What each verb works on: API groups and resources, the wildcard included.
targets := {
	"bind": {"groups": {rbac.group, "*"}, "resources": {"clusterroles", "roles", "*"}},
	"escalate": {"groups": {rbac.group, "*"}, "resources": {"clusterroles", "roles", "*"}},
	"impersonate": {"groups": {"", "*"}, "resources": {"groups", "serviceaccounts", "users", "*"}},
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rbac.rules
	some index, written in rule.verbs
	granted := [verb | some verb in verbs; written in {verb, "*"}; reaches(rule, targets[verb])]
	count(granted) > 0
	not named(rule)
	not names.matches_resource(exempt_roles)
	msg := sprintf("%s lets its holders gain rights: a rule grants %s", [k8s.label, concat(", ", granted)])
	path := concat("/", [rule.pointer, "verbs", format_int(index, 10)])
}

reaches(rule, target) if {
	some group in rule.api_groups
	group in target.groups
	some resource in rule.resources
	resource in target.resources
}

named(rule) if {
	allow_named
	rbac.named(rule)
}
