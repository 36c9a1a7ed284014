# METADATA
# title: Deny host ports
# description: No container may bind a port of its node with `hostPort`.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, Host Ports
# custom:
#   id: deny-host-ports
#   kind: JadeDenyHostPorts
#   severity: medium
#   severity_reason: It exposes the container past Services and NetworkPolicies, but gives no hold on the node.
#   reliability: high
#   tags: [pss:baseline, cis:5.2.12, nsa:network, host]
#   features: [hostPort=true]
#   kinds: [workloads]
#   rationale: >-
#     A host port is reachable on every address of the node, past the Service, its load balancer and, with many network
#     plug-ins, past NetworkPolicies. It also ties scheduling to nodes where the port is free, so a second replica may
#     find no place.
#   parameters:
#     allowedPorts:
#       type: array
#       items: {type: integer, minimum: 1, maximum: 65535}
#       default: []
#       description: Host ports that may be bound, for instance 80 and 443 of an ingress controller.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: Whoever calls the node's port must be moved to a Service first.
package deny_host_ports

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
