# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_pod_creation

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default resources := [
	"pods",
	"replicationcontrollers",
	"daemonsets.apps",
	"deployments.apps",
	"replicasets.apps",
	"statefulsets.apps",
	"cronjobs.batch",
	"jobs.batch",
]

resources := input.parameters.resources if is_array(input.parameters.resources)

default verbs := ["create"]

verbs := input.parameters.verbs if is_array(input.parameters.verbs)

default exempt_roles := ["ClusterRole/admin", "ClusterRole/cluster-admin", "ClusterRole/edit", "system:*"]

exempt_roles := input.parameters.exemptRoles if is_array(input.parameters.exemptRoles)

# [{"group": "apps", "resource": "deployments", "name": "deployments.apps"}]
makers := [maker |
	some name in resources
	is_string(name)
	parts := split(name, ".")
	maker := {"group": concat(".", array.slice(parts, 1, count(parts))), "resource": parts[0], "name": name}
]

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rbac.rules
	some index, verb in rule.verbs
	leads_to_pods(verb)
	made := [maker.name | some maker in makers; reaches(rule, maker)]
	count(made) > 0

	# What is created has no name yet when its creator is judged: a rule with names grants nothing.
	not rbac.named(rule)
	not names.matches_resource(exempt_roles)
	msg := sprintf("%s grants %s on %s", [k8s.label, verb, concat(", ", made)])
	path := concat("/", [rule.pointer, "verbs", format_int(index, 10)])
}

leads_to_pods(verb) if verb in verbs

leads_to_pods("*")

reaches(rule, maker) if {
	some group in rule.api_groups
	group in {maker.group, "*"}
	some resource in rule.resources
	resource in {maker.resource, "*"}
}
