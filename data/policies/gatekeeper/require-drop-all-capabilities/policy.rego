# METADATA
# title: Require dropping all capabilities
# description: Every container must drop ALL capabilities, whichever it adds back.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted, Capabilities
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: What each Linux capability permits
# custom:
#   id: require-drop-all-capabilities
#   kind: JadeRequireDropAllCapabilities
#   severity: medium
#   severity_reason: The default set only helps an attacker along; it takes SYS_ADMIN or the like to reach the node.
#   reliability: high
#   tags: [cis:5.2.9, nsa:pod-security, mitre:T1611, container]
#   features: [capabilities.drop_all=false]
#   kinds: [workloads]
#   rationale: >-
#     A container starts with some fourteen of root's capabilities. One that drops ALL and adds back what it needs has
#     a list that says what it can do, and a capability that a later runtime grants by default does not reach it. What
#     may be added back is for other policies; this one can be had first.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may keep the default capabilities, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/capabilities/drop"
#       operation: set
#       value: [ALL]
#       behaviour_changing: true
#       needs_human: false
#       note: A container that changes owners or binds a low port as root needs that capability added back.
package require_drop_all_capabilities

import data.lib.capabilities
import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	# Capabilities do not exist on Windows.
	some container in k8s.linux_containers
	dropped := object.get(capabilities.dropped, container.pointer, set())
	not "ALL" in dropped
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s keeps capabilities: securityContext.capabilities.drop lacks ALL",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/capabilities/drop"])
}
