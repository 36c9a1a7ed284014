# METADATA
# title: Require a security context for containers
# description: Every container must have a `securityContext` that says something.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
# custom:
#   id: require-container-security-context
#   kind: JadeRequireContainerSecurityContext
#   severity: low
#   severity_reason: It says that nobody thought about it; what that leaves open is for the policies of the single fields.
#   reliability: high
#   tags: [cis:5.6.3, nsa:pod-security, container]
#   features: [containers.securityContext.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     Some fields exist for containers alone: `allowPrivilegeEscalation`, `capabilities`, `privileged` and
#     `readOnlyRootFilesystem`. A container without a security context takes the default of each, and all of those are
#     the permissive ones. That it has one shows that its author made a choice, and gives a reviewer the place to look
#     at.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no security context, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true}
#       behaviour_changing: true
#       needs_human: true
#       note: Whether the process runs as a plain user and without capabilities is known only to its owner.
package require_container_security_context

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers

	# A field that is null says as little as none.
	count([1 | some value in container.security_context; value != null]) == 0
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no securityContext of its own", [container.label])
	path := concat("/", [container.pointer, "securityContext"])
}
