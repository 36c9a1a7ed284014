# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_added_capabilities

import data.lib.capabilities
import data.lib.images

default allowed_add := set()

allowed_add := {capabilities.canonical(name) | some name in input.parameters.allowedAdd} if {
	is_array(input.parameters.allowedAdd)
}

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": capability.pointer}} if {
	some capability in capabilities.added
	not capability.name in allowed_add
	not images.exempt(capability.container, exempt_images)
	msg := sprintf("%s adds capability %v", [capability.container.label, capability.value])
}
