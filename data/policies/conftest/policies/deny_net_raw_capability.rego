# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_net_raw_capability

import data.lib.capabilities
import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	# Capabilities do not exist on Windows.
	some container in k8s.linux_containers
	dropped := object.get(capabilities.dropped, container.pointer, set())
	count(dropped & {"ALL", "NET_RAW"}) == 0
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s keeps capability NET_RAW: securityContext.capabilities.drop lacks it",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/capabilities/drop"])
}

# Beside ALL in `drop` it comes back; beside itself there, one of the two is a mistake.
violation contains {"msg": msg, "details": {"path": capability.pointer}} if {
	some capability in capabilities.added
	forges_packets(capability.name)
	not images.exempt(capability.container, exempt_images)
	msg := sprintf("%s adds capability %v", [capability.container.label, capability.value])
}

forges_packets("NET_RAW")

# What cannot be read as a name may be any.
forges_packets(name) if not is_string(name)
