# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_limit_ratio

import data.lib.images
import data.lib.quantities
import data.lib.resources

default maximum_cpu_ratio := 10

maximum_cpu_ratio := input.parameters.maximumCpuRatio if is_number(input.parameters.maximumCpuRatio)

default maximum_memory_ratio := 2

maximum_memory_ratio := input.parameters.maximumMemoryRatio if is_number(input.parameters.maximumMemoryRatio)

default deny_unset := false

deny_unset if input.parameters.denyUnset == true

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

maximum_ratios := {"cpu": maximum_cpu_ratio, "memory": maximum_memory_ratio}

violation contains {"msg": msg, "details": {"path": path}} if {
	some index, container in resources.with_limits
	requests := resources.with_requests[index].requests
	some resource, ratio in maximum_ratios
	limit := container.limits[resource]
	request := requests[resource]
	limit != request
	requested := amounts[[resource, request]]
	most := ratio * requested
	amounts[[resource, limit]] > most
	not images.exempt(container, exempt_images)
	values := [container.label, resource, limit, ratio, request]
	msg := sprintf("%s has a %s limit of %v, more than %v times its request of %v", values)
	path := concat("/", [container.pointer, "resources/limits", resource])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	deny_unset
	some container in resources.with_limits
	some resource, _ in maximum_ratios
	not container.limits[resource]
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no %s limit to compare with its request", [container.label, resource])
	path := concat("/", [container.pointer, "resources/limits", resource])
}

# What each quantity amounts to. Containers often have the same ones, and to read one takes long.
amounts := {pair: amount(pair[0], pair[1]) | some pair in quantities_by_resource}

quantities_by_resource contains [resource, quantity] if {
	some index, container in resources.with_limits
	requests := resources.with_requests[index].requests
	some resource, _ in maximum_ratios
	some quantity in [container.limits[resource], requests[resource]]
}

amount("cpu", quantity) := quantities.cpu(quantity)

amount("memory", quantity) := quantities.bytes(quantity)
