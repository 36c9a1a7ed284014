# METADATA
# title: Deny the NET_RAW capability
# description: Every container must drop NET_RAW, itself or with ALL, and none may add it.
# scope: package
# related_resources:
#   - ref: https://man7.org/linux/man-pages/man7/packet.7.html
#     description: Packet sockets, which need NET_RAW
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: What each Linux capability permits
# custom:
#   id: deny-net-raw-capability
#   kind: JadeDenyNetRawCapability
#   severity: medium
#   severity_reason: It takes a foothold in the pod network, and reaches the traffic of other pods from there.
#   reliability: high
#   tags: [cis:5.2.8, nsa:pod-security, container]
#   features: [capabilities.net_raw=true]
#   kinds: [workloads]
#   rationale: >-
#     NET_RAW is in the default set of most runtimes. It lets a process send packets under any address, so a pod that
#     was taken over can answer for its neighbours (ARP and DNS spoofing) and read what they send. Hardly any service
#     needs it: recent kernels let every process ping without.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may keep NET_RAW, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/capabilities/drop"
#       operation: add-item
#       value: NET_RAW
#       behaviour_changing: true
#       needs_human: false
#       note: Breaks only what sends raw packets, such as traceroute, ARP tools and old versions of ping.
#     - path: "{container}/securityContext/capabilities/add"
#       operation: remove-item
#       value: NET_RAW
#       behaviour_changing: true
#       needs_human: true
#       note: Only the owner knows whether the process uses the capability that was added.
package deny_net_raw_capability

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
