# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_pod_exec_access

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default subresources := ["pods/attach", "pods/ephemeralcontainers", "pods/exec", "pods/portforward"]

subresources := input.parameters.subresources if is_array(input.parameters.subresources)

default exempt_roles := ["ClusterRole/admin", "ClusterRole/cluster-admin", "ClusterRole/edit", "system:*"]

exempt_roles := input.parameters.exemptRoles if is_array(input.parameters.exemptRoles)

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rbac.rules
	some index, written in rule.resources
	opened := [subresource | some subresource in subresources; covers(written, subresource); reached(rule, subresource)]
	count(opened) > 0
	some group in rule.api_groups
	group in {"", "*"}
	not names.matches_resource(exempt_roles)
	msg := sprintf("%s opens running pods: a rule grants %s", [k8s.label, concat(", ", opened)])
	path := concat("/", [rule.pointer, "resources", format_int(index, 10)])
}

# Whether what a rule says of resources means the subresource: itself, everything, or `*/exec`.
covers(written, subresource) if written == subresource

covers("*", _)

covers(written, subresource) if {
	startswith(written, "*/")
	is_string(subresource)
	endswith(subresource, trim_prefix(written, "*"))
}

reached(rule, subresource) if {
	some verb in rule.verbs
	verb in object.get(opening_verbs, subresource, {"create", "get", "*"})
}

# What opens all but these is a connection.
opening_verbs := {"pods/ephemeralcontainers": {"patch", "update", "*"}}
