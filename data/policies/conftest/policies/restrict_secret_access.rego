# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_secret_access

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
