# METADATA
# title: Deny dangerous capabilities
# description: No container may add a capability that leads to its node, such as SYS_ADMIN, NET_ADMIN or BPF.
# scope: package
# related_resources:
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: What each Linux capability permits
#   - ref: https://attack.mitre.org/techniques/T1611/
#     description: MITRE ATT&CK, Escape to Host
# custom:
#   id: deny-dangerous-capabilities
#   kind: JadeDenyDangerousCapabilities
#   severity: high
#   severity_reason: With most of these, whoever runs code in the container reaches the node without a further exploit.
#   reliability: high
#   tags: [cis:5.2.9, nsa:pod-security, mitre:T1611, container]
#   features: [capabilities.dangerous=true]
#   kinds: [workloads]
#   rationale: >-
#     SYS_ADMIN mounts filesystems, SYS_MODULE and BPF load code into the kernel, SYS_PTRACE takes over processes,
#     DAC_READ_SEARCH opens any file of the node's disk, SYS_RAWIO writes to its memory, NET_ADMIN redirects its
#     traffic when the pod shares its network. ALL holds every one of them. Only agents of the node need them, and
#     those belong in a namespace of their own.
#   parameters:
#     capabilities:
#       type: array
#       items: {type: string}
#       default:
#         - ALL
#         - BPF
#         - CHECKPOINT_RESTORE
#         - DAC_READ_SEARCH
#         - MAC_ADMIN
#         - MAC_OVERRIDE
#         - NET_ADMIN
#         - PERFMON
#         - SYS_ADMIN
#         - SYS_BOOT
#         - SYS_MODULE
#         - SYS_PTRACE
#         - SYS_RAWIO
#       description: Capabilities that nobody may add.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may add them, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove-item
#       behaviour_changing: true
#       needs_human: true
#       note: Only the owner knows what the process uses it for; a lesser capability may do.
package deny_dangerous_capabilities

import data.lib.capabilities
import data.lib.images

default dangerous := {
	"ALL",
	"BPF",
	"CHECKPOINT_RESTORE",
	"DAC_READ_SEARCH",
	"MAC_ADMIN",
	"MAC_OVERRIDE",
	"NET_ADMIN",
	"PERFMON",
	"SYS_ADMIN",
	"SYS_BOOT",
	"SYS_MODULE",
	"SYS_PTRACE",
	"SYS_RAWIO",
}

dangerous := {capabilities.canonical(name) | some name in input.parameters.capabilities} if {
	is_array(input.parameters.capabilities)
}

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": capability.pointer}} if {
	some capability in capabilities.added
	leads_to_the_node(capability.name)
	not images.exempt(capability.container, exempt_images)
	msg := sprintf(
		"%s adds dangerous capability %v",
		[capability.container.label, capability.value],
	)
}

leads_to_the_node(name) if name in dangerous

# What cannot be read as a name may be any.
leads_to_the_node(name) if not is_string(name)
