# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_capabilities

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
