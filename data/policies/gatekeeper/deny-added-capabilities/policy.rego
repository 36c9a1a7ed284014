# METADATA
# title: Deny added capabilities
# description: No container may add capabilities.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container
#     description: Set capabilities for a container
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: What each Linux capability permits
# custom:
#   id: deny-added-capabilities
#   kind: JadeDenyAddedCapabilities
#   severity: low
#   severity_reason: What a capability is worth to an attacker depends on which it is; the worst ones have a policy of their own.
#   reliability: high
#   tags: [cis:5.2.9, nsa:pod-security, container]
#   features: [capabilities.added=true]
#   kinds: [workloads]
#   rationale: >-
#     Services seldom need a capability: a process that listens above port 1024 and owns its files needs none. What is
#     added often dates from an image that ran as root, and stays when the image has long changed. Where one is needed,
#     it should be allowed by name.
#   parameters:
#     allowedAdd:
#       type: array
#       items: {type: string}
#       default: []
#       description: Capabilities that may be added all the same, NET_BIND_SERVICE for instance.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may add any capability, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/capabilities/add"
#       operation: intersect
#       parameter: allowedAdd
#       behaviour_changing: true
#       needs_human: true
#       note: Only the owner knows whether the process uses the capability that was added.
package deny_added_capabilities

import data.lib.capabilities
import data.lib.images

default allowed_add := set()

allowed_add := {capabilities.canonical(name) | some name in input.parameters.allowedAdd} if {
	is_array(input.parameters.allowedAdd)
}

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": capability.pointer}} if {
	some capability in capabilities.added
	not capability.name in allowed_add
	not images.exempt(capability.container, exempt_images)
	msg := sprintf("%s adds capability %v", [capability.container.label, capability.value])
}
