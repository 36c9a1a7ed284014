# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_token_creation

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
