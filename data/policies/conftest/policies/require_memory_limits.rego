# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_memory_limits

import data.lib.images
import data.lib.quantities
import data.lib.resources

default maximum := ""

maximum := input.parameters.maximum if is_string(input.parameters.maximum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in resources.with_limits
	not container.limits.memory
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no memory limit", [container.label])
	path := concat("/", [container.pointer, "resources/limits/memory"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	most := quantities.bytes(maximum)
	some container in resources.with_limits
	quantity := container.limits.memory
	quantities.bytes(quantity) > most
	not images.exempt(container, exempt_images)
	values := [container.label, quantity, maximum]
	msg := sprintf("%s may use %v of memory, more than the %s allowed", values)
	path := concat("/", [container.pointer, "resources/limits/memory"])
}
