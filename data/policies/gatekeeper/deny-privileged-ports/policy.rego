# METADATA
# title: Deny privileged container ports
# description: No container may declare a port below 1024.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
#     description: How a Service maps its port to the port of a pod
#   - ref: https://man7.org/linux/man-pages/man7/ip.7.html
#     description: What Linux takes for a privileged port
# custom:
#   id: deny-privileged-ports
#   kind: JadeDenyPrivilegedPorts
#   severity: low
#   severity_reason: The port itself harms nobody; it is a reason to keep root or a capability.
#   reliability: medium
#   tags: [container, network]
#   features: [ports.containerPort=privileged]
#   kinds: [workloads]
#   rationale: >-
#     To listen below 1024 a process traditionally needs root or NET_BIND_SERVICE, and that is why many images still
#     start as root. A Service gives callers port 80 whatever port the pod listens on, so nothing is lost with 8080.
#     Newer runtimes let any user of a pod's own network bind low ports; there the port is only a hint, hence the
#     reliability.
#   parameters:
#     lowestPort:
#       type: integer
#       minimum: 1
#       maximum: 65535
#       default: 1024
#       description: The lowest port that may be declared.
#     allowedPorts:
#       type: array
#       items: {type: integer}
#       default: []
#       description: Ports below it that may be declared all the same.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may listen on low ports, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The process must be told to listen there too, and a Service that names the port by number must follow.
package deny_privileged_ports

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
