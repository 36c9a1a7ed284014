# METADATA
# title: Restrict capabilities
# description: Every container must drop ALL capabilities and may add back only NET_BIND_SERVICE.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted, Capabilities
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: What each Linux capability permits
# custom:
#   id: restrict-capabilities
#   kind: JadeRestrictCapabilities
#   severity: medium
#   severity_reason: The default set only helps an attacker along; it takes SYS_ADMIN or the like to reach the node.
#   reliability: high
#   tags: [pss:restricted, cis:5.2.8, cis:5.2.9, nsa:pod-security, mitre:T1611, container]
#   features: [capabilities.drop_all=false, capabilities.added=true]
#   kinds: [workloads]
#   rationale: >-
#     A container starts with fourteen capabilities of root, NET_RAW (forged packets) and SETUID among them, that hardly
#     any service uses. Dropping them all costs nothing and takes away what most escapes build on. NET_BIND_SERVICE lets
#     a plain user listen below port 1024 and nothing else.
#   parameters:
#     allowedAdd:
#       type: array
#       items: {type: string}
#       default: [NET_BIND_SERVICE]
#       description: Capabilities that may be added, without the prefix `CAP_`.
#     requiredDrop:
#       type: array
#       items: {type: string}
#       default: [ALL]
#       description: Capabilities that must be dropped; dropping ALL always does.
#     anyCase:
#       type: boolean
#       default: false
#       description: Whether names count in any case, as runtimes read them; Pod Security admission takes capitals alone.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that this policy leaves alone, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/capabilities/drop"
#       operation: set
#       parameter: requiredDrop
#       behaviour_changing: true
#       needs_human: false
#       note: A container that changes owners or binds a low port as root needs that capability added back.
#     - path: "{container}/securityContext/capabilities/add"
#       operation: intersect
#       parameter: allowedAdd
#       behaviour_changing: true
#       needs_human: true
#       note: Only the owner knows whether the process uses the capability that was added.
package restrict_capabilities

import data.lib.images
import data.lib.kubernetes as k8s

default any_case := false

any_case if input.parameters.anyCase == true

default allowed_add := ["NET_BIND_SERVICE"]

allowed_add := [read(name) | some name in input.parameters.allowedAdd] if is_array(input.parameters.allowedAdd)

default required_drop := ["ALL"]

required_drop := [read(name) | some name in input.parameters.requiredDrop] if is_array(input.parameters.requiredDrop)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# Capabilities do not exist on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	names := object.get(dropped, container.pointer, set())
	not "ALL" in names
	missing := [capability | some capability in required_drop; not capability in names]
	count(missing) > 0
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s keeps capabilities: securityContext.capabilities.drop lacks %s",
		[container.label, concat(", ", missing)],
	)
	path := concat("/", [container.pointer, "securityContext/capabilities/drop"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	added := container.security_context.capabilities.add
	is_array(added)
	some index, capability in added
	not read(capability) in allowed_add
	not images.exempt(container, exempt_images)
	msg := sprintf("%s adds capability %v", [container.label, capability])
	path := concat("/", [container.pointer, "securityContext/capabilities/add", format_int(index, 10)])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	added := container.security_context.capabilities.add
	added != null
	not is_array(added)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s adds capabilities that are not a list", [container.label])
	path := concat("/", [container.pointer, "securityContext/capabilities/add"])
}

# What each container drops, by the container's pointer.
dropped := {container.pointer: names |
	some container in k8s.containers
	listed := container.security_context.capabilities.drop
	is_array(listed)
	names := {read(name) | some name in listed}
}

read(name) := upper(name) if {
	any_case
	is_string(name)
} else := name
