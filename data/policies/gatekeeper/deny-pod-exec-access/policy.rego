# METADATA
# title: Deny access to running pods
# description: No Role or ClusterRole may grant exec, attach, port forwarding or debugging of pods.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/
#     description: Get a Shell to a Running Container
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Role Based Access Control Good Practices
# custom:
#   id: deny-pod-exec-access
#   kind: JadeDenyPodExecAccess
#   severity: high
#   severity_reason: A shell in a pod has all that the pod has, its Secrets and its ServiceAccount included.
#   reliability: high
#   tags: [nsa:authn-authz, mitre:T1609, rbac]
#   features: [rbac.pod_exec=true]
#   kinds: [rbac.authorization.k8s.io/Role, rbac.authorization.k8s.io/ClusterRole]
#   rationale: >-
#     Who may run a command in a pod may do what the pod may, and leaves nothing behind that a review could see. Opening
#     the connection takes `create`, and in clusters before 1.35 also `get`, so that a wildcard for reading is enough. A
#     debug container is added by `patch` or `update` of `pods/ephemeralcontainers`.
#   parameters:
#     subresources:
#       type: array
#       items: {type: string}
#       default: [pods/attach, pods/ephemeralcontainers, pods/exec, pods/portforward]
#       description: Subresources that lead into a running pod.
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
#       note: Who must get into pods, and by which role for emergencies, is decided by the team that runs them.
package deny_pod_exec_access

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
