# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_rbac_escalation

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
