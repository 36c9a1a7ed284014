# METADATA
# title: Require running as non-root
# description: Every container must set `runAsNonRoot` to true, itself or through its pod.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted, Running as Non-root
# custom:
#   id: require-run-as-non-root
#   kind: JadeRequireRunAsNonRoot
#   severity: medium
#   severity_reason: Root in a container is confined until another weakness is found; then it is root on the node.
#   reliability: high
#   tags: [pss:restricted, cis:5.2.7, nsa:pod-security, mitre:T1611, container]
#   features: [securityContext.runAsNonRoot=false]
#   kinds: [workloads]
#   rationale: >-
#     Without `runAsNonRoot` the image decides who runs, and most images say root. An escape, a mounted socket or a
#     writable volume is then used with root's rights. With the field set, the kubelet refuses to start a container
#     whose user is 0, whatever its image says.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run as root, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{pod_spec}/securityContext/runAsNonRoot"
#       operation: set
#       value: true
#       behaviour_changing: true
#       needs_human: true
#       note: An image that runs as root or as a named user also needs `runAsUser`; the image says who owns its files.
#     - path: "{violation}"
#       operation: set
#       value: true
#       behaviour_changing: true
#       needs_human: true
#       note: A container that sets the field to false overrides its pod and must be changed itself.
package require_run_as_non_root

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

default pod_value := null

pod_value := k8s.pod_security_context.runAsNonRoot

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := object.get(container.security_context, "runAsNonRoot", null)
	not non_root(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s may run as root: set securityContext.runAsNonRoot to true",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/runAsNonRoot"])
}

# A pod that says no is refused even where all of its containers say yes: one that is added later would inherit it.
violation contains {"msg": msg, "details": {"path": path}} if {
	not pod_value in {null, true}
	msg := sprintf(
		"%s lets its containers run as root: the pod's securityContext.runAsNonRoot is %v",
		[k8s.label, pod_value],
	)
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/runAsNonRoot"])
}

non_root(value) if value == true

# The container says nothing, so the pod's value holds.
non_root(value) if {
	value == null
	pod_value == true
}
