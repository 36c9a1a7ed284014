# METADATA
# title: Require a high group id
# description: Every container must run with a primary group of id 10000 or higher, named by itself or by its pod.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
#     description: User namespaces, which map the ids of a pod to others on the node
# custom:
#   id: require-high-group-id
#   kind: JadeRequireHighGroupId
#   severity: low
#   severity_reason: It matters only after an escape, and only where files of the node belong to that group.
#   reliability: high
#   tags: [nsa:pod-security, mitre:T1611, container]
#   features: [securityContext.runAsGroup.high=false]
#   kinds: [workloads]
#   rationale: >-
#     A user whose primary group nobody names mostly gets root's group 0, plain as the user may be. Files that root's
#     group may read or write are then open to the process, in the image, on mounted folders of the node and after an
#     escape. A group id from 10000 up belongs to nobody there.
#   parameters:
#     minimum:
#       type: integer
#       minimum: 1
#       default: 10000
#       description: Lowest group id that will do; 10000 leaves room for the groups that a node has of its own.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run with any group, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{pod_spec}/securityContext/runAsGroup"
#       operation: set
#       parameter: minimum
#       behaviour_changing: true
#       needs_human: true
#       note: Files that the process shares through their group must belong to the new one; `fsGroup` does that for volumes.
#     - path: "{violation}"
#       operation: set
#       parameter: minimum
#       behaviour_changing: true
#       needs_human: true
#       note: A container that names a lower id overrides its pod and must be changed itself.
package require_high_group_id

import data.lib.images
import data.lib.kubernetes as k8s

default minimum := 10000

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# The API server refuses the field on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	not high(object.get(container.security_context, "runAsGroup", null))
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s must run with group %v or higher: set securityContext.runAsGroup",
		[container.label, minimum],
	)
	path := concat("/", [container.pointer, "securityContext/runAsGroup"])
}

high(group) if high_number(group)

high_number(value) if {
	is_number(value)
	value >= minimum
}

# The container says nothing, so the pod's group holds.
high(null) if pod_is_high

pod_is_high if high_number(k8s.pod_security_context.runAsGroup)
