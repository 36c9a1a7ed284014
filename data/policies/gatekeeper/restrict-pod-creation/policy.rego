# METADATA
# title: Restrict creation of pods
# description: Only roles that are exempted may create pods, or workloads that make pods.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
#     description: Role Based Access Control Good Practices, workload creation
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
#     description: Using RBAC Authorization
# custom:
#   id: restrict-pod-creation
#   kind: JadeRestrictPodCreation
#   severity: medium
#   severity_reason: It takes a pod that mounts what its creator may not read; admission policies narrow that down.
#   reliability: medium
#   tags: [cis:5.1.4, nsa:authn-authz, mitre:T1610, rbac]
#   features: [rbac.pod_creation=true]
#   kinds: [rbac.authorization.k8s.io/Role, rbac.authorization.k8s.io/ClusterRole]
#   rationale: >-
#     Who creates a pod may mount every Secret of the namespace into it and run it as any ServiceAccount there, so the
#     right to create pods holds all the rights of the namespace. Those who deploy need it: exempt their roles by name,
#     so that each new one is looked at, hence the reliability. `patch` and `update` of a workload come to the same and
#     can be added.
#   parameters:
#     resources:
#       type: array
#       items: {type: string}
#       default:
#         - pods
#         - replicationcontrollers
#         - daemonsets.apps
#         - deployments.apps
#         - replicasets.apps
#         - statefulsets.apps
#         - cronjobs.batch
#         - jobs.batch
#       description: What makes pods, as `resource` (core group) or `resource.group`.
#     verbs:
#       type: array
#       items: {type: string}
#       default: [create]
#       description: Verbs that lead to pods; a wildcard grants them all.
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
#       note: Whether its holder deploys is known to the owner; if so, exempt the role. A wildcard must be replaced.
package restrict_pod_creation

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
