# METADATA
# title: Restrict added capabilities
# description: A container may add only capabilities that runtimes grant by default, NET_RAW excepted.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, Capabilities
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: What each Linux capability permits
# custom:
#   id: restrict-added-capabilities
#   kind: JadeRestrictAddedCapabilities
#   severity: medium
#   severity_reason: Some of the others lead to the node at once, most need a further weakness.
#   reliability: high
#   tags: [pss:baseline, cis:5.2.9, nsa:pod-security, mitre:T1611, container]
#   features: [capabilities.beyond_default=true]
#   kinds: [workloads]
#   rationale: >-
#     Where a cluster cannot ask its workloads to drop anything yet, it can still keep them from asking for more than a
#     runtime hands out anyway. The list says what may be added, so a capability that a new kernel brings is refused
#     until somebody has looked at it. Names count as they are written, as Pod Security admission reads them.
#   parameters:
#     allowedAdd:
#       type: array
#       items: {type: string}
#       default:
#         - AUDIT_WRITE
#         - CHOWN
#         - DAC_OVERRIDE
#         - FOWNER
#         - FSETID
#         - KILL
#         - MKNOD
#         - NET_BIND_SERVICE
#         - SETFCAP
#         - SETGID
#         - SETPCAP
#         - SETUID
#         - SYS_CHROOT
#       description: Capabilities that may be added, without the prefix `CAP_`.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may add any capability, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/capabilities/add"
#       operation: intersect
#       parameter: allowedAdd
#       behaviour_changing: true
#       needs_human: true
#       note: Only the owner knows whether the process uses the capability that was added.
package restrict_added_capabilities

import data.lib.capabilities
import data.lib.images

default allowed_add := [
	"AUDIT_WRITE",
	"CHOWN",
	"DAC_OVERRIDE",
	"FOWNER",
	"FSETID",
	"KILL",
	"MKNOD",
	"NET_BIND_SERVICE",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYS_CHROOT",
]

allowed_add := input.parameters.allowedAdd if is_array(input.parameters.allowedAdd)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": capability.pointer}} if {
	some capability in capabilities.added

	# A text in place of the list is refused, whatever it says.
	not listed(capability)
	not images.exempt(capability.container, exempt_images)
	msg := sprintf(
		"%s adds capability %v, which runtimes do not grant by default",
		[capability.container.label, capability.value],
	)
}

listed(capability) if {
	capability.value in allowed_add
	is_array(capability.container.security_context.capabilities.add)
}
