# METADATA
# title: Require a priority class
# description: Every pod must name its priority class.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
#     description: Pod priority and preemption
# custom:
#   id: require-priority-class
#   kind: JadeRequirePriorityClass
#   severity: low
#   severity_reason: It shows only when a cluster runs full, and then as delay rather than loss.
#   reliability: medium
#   tags: [scheduling, availability]
#   features: [priorityClassName.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     When nodes run full or fail, the scheduler lets pods of a higher class go first and takes others away for them.
#     Where nobody names a class all pods are equal, and the shop may wait for a nightly report. A class that is the
#     cluster's default is not seen in a manifest, hence the reliability.
#   parameters:
#     allowed:
#       type: array
#       items: {type: string}
#       default: []
#       description: Priority classes that a pod may name; any where the list is empty.
#   remediation:
#     - path: "{pod_spec}/priorityClassName"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: How important the workload is beside others, and which classes the cluster has, only people know.
package require_priority_class

import data.lib.kubernetes as k8s

default allowed := []

allowed := input.parameters.allowed if is_array(input.parameters.allowed)

violation contains {"msg": msg, "details": {"path": path}} if {
	name := object.get(k8s.pod_spec, "priorityClassName", null)
	message := problem(name)
	msg := sprintf("%s %s", [k8s.label, message])
	path := concat("/", [k8s.pod_spec_pointer, "priorityClassName"])
}

problem(name) := "names no priority class" if {
	not named(name)
} else := sprintf("names priority class %s, which is none of %v", [name, allowed]) if {
	count(allowed) > 0
	not name in allowed
}

named(name) if {
	is_string(name)
	name != ""
}
