# METADATA
# title: Require CPU limits
# description: Every container and init container must limit the CPU that it may use, itself or through its pod.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#     description: Resource management for pods and containers
# custom:
#   id: require-cpu-limits
#   kind: JadeRequireCpuLimits
#   severity: medium
#   severity_reason: A process that loops or is flooded slows its neighbours on the node; nothing further is lost.
#   reliability: high
#   tags: [nsa:resource-policies, mitre:T1499, resources, container]
#   features: [resources.limits.cpu.missing=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers, initContainers]
#     reason: The API server refuses `resources` on an ephemeral container, so there is nothing that it could set.
#   rationale: >-
#     Without a CPU limit a container takes whatever its node has left, and a loop, a flood of requests or a miner slows
#     everything beside it. With one, the kernel holds it to its share and the others do not notice. Teams that leave
#     CPU unlimited on purpose, because a limit also throttles bursts, do without this policy and require CPU requests.
#   parameters:
#     maximum:
#       type: string
#       default: ""
#       description: The highest limit that is allowed, for instance `"4"`; empty allows any.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no CPU limit, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The right figure comes from what the container uses under load; a limit that is too low throttles it.
package require_cpu_limits

import data.lib.images
import data.lib.quantities
import data.lib.resources

default maximum := ""

maximum := input.parameters.maximum if is_string(input.parameters.maximum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in resources.with_limits
	not container.limits.cpu
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no CPU limit", [container.label])
	path := concat("/", [container.pointer, "resources/limits/cpu"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	most := quantities.cpu(maximum)
	some container in resources.with_limits
	quantity := container.limits.cpu
	quantities.cpu(quantity) > most
	not images.exempt(container, exempt_images)
	values := [container.label, quantity, maximum]
	msg := sprintf("%s may use %v CPU, more than the %s allowed", values)
	path := concat("/", [container.pointer, "resources/limits/cpu"])
}
