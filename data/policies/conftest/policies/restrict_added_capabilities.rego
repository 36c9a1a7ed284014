# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_added_capabilities

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
