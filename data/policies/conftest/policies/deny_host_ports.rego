# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_host_ports

import data.lib.kubernetes as k8s

default allowed_ports := []

allowed_ports := input.parameters.allowedPorts if is_array(input.parameters.allowedPorts)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	is_array(container.spec.ports)
	some index, port in container.spec.ports

	host_port := port.hostPort

	# Kubernetes reads 0 as "no host port".
	not host_port in {null, 0}
	not host_port in allowed_ports
	msg := sprintf("%s binds port %v of its node", [container.label, host_port])
	path := concat("/", [container.pointer, "ports", format_int(index, 10), "hostPort"])
}
