# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_dangerous_capabilities

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
