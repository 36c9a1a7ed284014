# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_capabilities

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_add := ["NET_BIND_SERVICE"]

allowed_add := input.parameters.allowedAdd if is_array(input.parameters.allowedAdd)

default required_drop := ["ALL"]

required_drop := input.parameters.requiredDrop if is_array(input.parameters.requiredDrop)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# Capabilities do not exist on Windows.
linux_containers := [container |
	not k8s.windows
	some container in k8s.containers
	not images.exempt(container, exempt_images)
]

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in linux_containers
	missing := [capability | some capability in required_drop; not drops(container, capability)]
	count(missing) > 0
	msg := sprintf(
		"%s of %s keeps capabilities: securityContext.capabilities.drop lacks %s",
		[container.label, k8s.label, concat(", ", missing)],
	)
	path := concat("/", [container.pointer, "securityContext/capabilities/drop"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in linux_containers
	added := container.security_context.capabilities.add
	is_array(added)
	some index, capability in added
	not capability in allowed_add
	msg := sprintf("%s of %s adds capability %v", [container.label, k8s.label, capability])
	path := concat("/", [container.pointer, "securityContext/capabilities/add", format_int(index, 10)])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in linux_containers
	added := container.security_context.capabilities.add
	added != null
	not is_array(added)
	msg := sprintf("%s of %s adds capabilities that are not a list", [container.label, k8s.label])
	path := concat("/", [container.pointer, "securityContext/capabilities/add"])
}

drops(container, capability) if {
	dropped := container.security_context.capabilities.drop
	is_array(dropped)
	some name in {"ALL", capability}
	name in dropped
}
