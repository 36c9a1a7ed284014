# METADATA
# title: Deny the root user
# description: Neither a pod nor a container may set `runAsUser` to 0.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted, Running as Non-root user
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
# custom:
#   id: deny-root-user
#   kind: JadeDenyRootUser
#   severity: medium
#   severity_reason: Root in a container is confined until another weakness is found; then it is root on the node.
#   reliability: high
#   tags: [pss:restricted, cis:5.2.7, nsa:pod-security, mitre:T1611, container]
#   features: [securityContext.runAsUser=0]
#   kinds: [workloads]
#   rationale: >-
#     `runAsUser: 0` makes a process root even where its image names a plain user. Root owns every file of the
#     container, may install software and use each capability that is left, and without user namespaces it is the same
#     user 0 as on the node. Mostly one file or one low port is behind it, which ownership or a capability solves.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run as root, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The new user must be able to read and write what the process uses; the image says who owns its files.
package deny_root_user

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := container.security_context.runAsUser
	value != null
	not plain(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s may run as root: securityContext.runAsUser is %v",
		[container.label, value],
	)
	path := concat("/", [container.pointer, "securityContext/runAsUser"])
}

# A pod that names root is refused even where all of its containers name another: one that is added later would inherit
# it.
violation contains {"msg": msg, "details": {"path": path}} if {
	value := k8s.pod_security_context.runAsUser
	value != null
	not plain(value)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf(
		"%s lets its containers run as root: the pod's securityContext.runAsUser is %v",
		[k8s.label, value],
	)
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/runAsUser"])
}

plain(value) if {
	is_number(value)
	value > 0
}
