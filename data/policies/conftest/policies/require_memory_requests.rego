# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_memory_requests

import data.lib.images
import data.lib.quantities
import data.lib.resources

default accept_limits := false

accept_limits if input.parameters.acceptLimits == true

default maximum := ""

maximum := input.parameters.maximum if is_string(input.parameters.maximum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in resources.with_requests
	not container.requests.memory
	not implied(container)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s requests no memory", [container.label])
	path := concat("/", [container.pointer, "resources/requests/memory"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	most := quantities.bytes(maximum)
	some container in resources.with_requests
	quantity := container.requests.memory
	quantities.bytes(quantity) > most
	not images.exempt(container, exempt_images)
	values := [container.label, quantity, maximum]
	msg := sprintf("%s requests %v of memory, more than the %s allowed", values)
	path := concat("/", [container.pointer, "resources/requests/memory"])
}

implied(container) if {
	accept_limits
	some limited in resources.with_limits
	limited.pointer == container.pointer
	_ = limited.limits.memory
}
