# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_privileged_ports

import data.lib.images
import data.lib.kubernetes as k8s

default lowest_port := 1024

lowest_port := input.parameters.lowestPort if is_number(input.parameters.lowestPort)

default allowed_ports := []

allowed_ports := input.parameters.allowedPorts if is_array(input.parameters.allowedPorts)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	is_array(container.spec.ports)
	some index, port in container.spec.ports
	number := port.containerPort
	low(number)

	# Kubernetes reads 0 as "no port".
	not number in {null, 0}
	not number in allowed_ports
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s listens on privileged port %v: use %v or above",
		[container.label, number, lowest_port],
	)
	path := concat("/", [container.pointer, "ports", format_int(index, 10), "containerPort"])
}

low(number) if number < lowest_port

# What is no number is not trusted to be high.
low(number) if not is_number(number)
