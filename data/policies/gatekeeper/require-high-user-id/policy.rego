# METADATA
# title: Require a high user id
# description: Every container must run as a user of id 10000 or higher, named by itself or by its pod.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
#     description: User namespaces, which map the ids of a pod to others on the node
# custom:
#   id: require-high-user-id
#   kind: JadeRequireHighUserId
#   severity: low
#   severity_reason: It matters only after an escape, and only where that user id exists on the node.
#   reliability: high
#   tags: [nsa:pod-security, mitre:T1611, container]
#   features: [securityContext.runAsUser.high=false]
#   kinds: [workloads]
#   rationale: >-
#     Without user namespaces a user id means the same in a container and on its node. Ids below 1000 belong to the
#     node's own services and those from 1000 to people, so a process that breaks out or writes to a mounted folder acts
#     as one of them. An id from 10000 up is nobody there. Naming it in the manifest also settles what the image would
#     otherwise decide.
#   parameters:
#     minimum:
#       type: integer
#       minimum: 1
#       default: 10000
#       description: Lowest user id that will do; 10000 leaves room for the users that a node has of its own.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run as any user, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{pod_spec}/securityContext/runAsUser"
#       operation: set
#       parameter: minimum
#       behaviour_changing: true
#       needs_human: true
#       note: The user must be able to read and write what the process uses; the image says who owns its files.
#     - path: "{violation}"
#       operation: set
#       parameter: minimum
#       behaviour_changing: true
#       needs_human: true
#       note: A container that names a lower id overrides its pod and must be changed itself.
package require_high_user_id

import data.lib.images
import data.lib.kubernetes as k8s

default minimum := 10000

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# The API server refuses the field on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	not high(object.get(container.security_context, "runAsUser", null))
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s must run as user %v or higher: set securityContext.runAsUser",
		[container.label, minimum],
	)
	path := concat("/", [container.pointer, "securityContext/runAsUser"])
}

high(user) if high_number(user)

high_number(value) if {
	is_number(value)
	value >= minimum
}

# The container says nothing, so the pod's user holds.
high(null) if pod_is_high

pod_is_high if high_number(k8s.pod_security_context.runAsUser)
