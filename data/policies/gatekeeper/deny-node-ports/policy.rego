# METADATA
# title: Deny node ports
# description: No Service may be of type `NodePort`, unless all its ports use node ports that are allowed.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
#     description: Service, type NodePort
# custom:
#   id: deny-node-ports
#   kind: JadeDenyNodePorts
#   severity: medium
#   severity_reason: It opens the Service to whoever reaches a node, but gives no hold on the node.
#   reliability: high
#   tags: [nsa:network, service, network]
#   features: [service.type=NodePort]
#   kinds: [Service]
#   rationale: >-
#     A node port listens on every address of every node, those in front of the firewall included. It carries no TLS of
#     its own, passes by the ingress and what is checked there, and with many network plug-ins its callers look like the
#     node to a NetworkPolicy. Behind an Ingress or a Gateway a Service needs a cluster IP only.
#   parameters:
#     allowedNodePorts:
#       type: array
#       items: {type: integer, minimum: 1, maximum: 65535}
#       default: []
#       description: Node ports that may be opened, for instance 30443 of the one ingress controller. Each port must name its own.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: ClusterIP
#       behaviour_changing: true
#       needs_human: true
#       note: Whoever calls the node must be moved to an Ingress or a Gateway first; a `nodePort` that a port names must go too.
package deny_node_ports

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
