# METADATA
# title: Require memory limits
# description: Every container and init container must limit the memory that it may use, itself or through its pod.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#     description: Resource management for pods and containers
# custom:
#   id: require-memory-limits
#   kind: JadeRequireMemoryLimits
#   severity: medium
#   severity_reason: One leaking or attacked container can make its node evict or kill others; nothing further is lost.
#   reliability: high
#   tags: [nsa:resource-policies, mitre:T1499, resources, container]
#   features: [resources.limits.memory.missing=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers, initContainers]
#     reason: The API server refuses `resources` on an ephemeral container, so there is nothing that it could set.
#   rationale: >-
#     Memory cannot be taken back: a container without a limit grows until the node runs out, and then the kernel or the
#     kubelet picks what dies, not always the culprit. With a limit, the container that leaks is the one that is
#     restarted, and the restart says which one it was.
#   parameters:
#     maximum:
#       type: string
#       default: ""
#       description: The highest limit that is allowed, for instance `8Gi`; empty allows any.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no memory limit, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The right figure comes from what the container uses under load; a limit that is too low gets it killed.
package require_memory_limits

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
