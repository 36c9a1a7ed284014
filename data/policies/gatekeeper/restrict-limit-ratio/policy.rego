# METADATA
# title: Restrict the ratio of limits to requests
# description: A container's limits may be at most a few times what it requests.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#     description: Resource management for pods and containers
#   - ref: https://kubernetes.io/docs/concepts/policy/limit-range/
#     description: LimitRange, which knows a ratio of its own (maxLimitRequestRatio)
# custom:
#   id: restrict-limit-ratio
#   kind: JadeRestrictLimitRatio
#   severity: low
#   severity_reason: Overcommitted nodes get slow or kill pods on a busy day; on every other day nothing is seen.
#   reliability: high
#   tags: [nsa:resource-policies, resources, container, scheduling]
#   features: [resources.ratio.high=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers, initContainers]
#     reason: The API server refuses `resources` on an ephemeral container, so there is nothing that it could set.
#   rationale: >-
#     The scheduler fills a node by requests, and the containers there may use up to their limits: the ratio is how far
#     the node is promised twice. CPU that is short only makes things slow, so ten times is allowed by default; memory
#     that is short kills, so twice is. A limit without a request is also the request, which makes the ratio one.
#   parameters:
#     maximumCpuRatio:
#       type: number
#       default: 10
#       description: How many times its CPU request the CPU limit of a container may be.
#     maximumMemoryRatio:
#       type: number
#       default: 2
#       description: How many times its memory request the memory limit of a container may be.
#     denyUnset:
#       type: boolean
#       default: false
#       description: Whether a container without a limit is denied too, since it may use any multiple of its request.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images whose limits are not compared, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Either the limit comes down or the request goes up; which one is right is seen in what it uses.
package restrict_limit_ratio

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
