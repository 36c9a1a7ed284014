# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_node_ports

import data.lib.kubernetes as k8s

default allowed_node_ports := []

allowed_node_ports := input.parameters.allowedNodePorts if is_array(input.parameters.allowedNodePorts)

violation contains {"msg": msg, "details": {"path": "/spec/type"}} if {
	k8s.group_kind == "Service"
	type := k8s.resource.spec.type

	# Kubernetes reads an empty type as ClusterIP.
	not type in {"ClusterIP", "LoadBalancer", "ExternalName", "", null}
	not every_port_is_allowed
	msg := sprintf("%s opens a port on every node: spec.type is %v", [k8s.label, type])
}

every_port_is_allowed if {
	ports := k8s.resource.spec.ports
	is_array(ports)
	count(ports) > 0
	every port in ports {
		port.nodePort in allowed_node_ports
	}
}
