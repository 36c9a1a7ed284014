# METADATA
# title: Require CPU requests
# description: Every container and init container must request the CPU that it needs, itself or through its pod.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#     description: Resource management for pods and containers
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
#     description: Quality of service classes
# custom:
#   id: require-cpu-requests
#   kind: JadeRequireCpuRequests
#   severity: low
#   severity_reason: The pod may be slow or crowd a node; it opens no hole and takes nothing down by itself.
#   reliability: high
#   tags: [nsa:resource-policies, resources, container, scheduling]
#   features: [resources.requests.cpu.missing=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers, initContainers]
#     reason: The API server refuses `resources` on an ephemeral container, so there is nothing that it could set.
#   rationale: >-
#     The scheduler places pods by what they request, and the kernel shares a busy CPU out by the same figure. A
#     container that requests nothing fits on every node, however full, and gets almost nothing there once others are
#     busy; autoscaling on CPU does not work for it either.
#   parameters:
#     acceptLimits:
#       type: boolean
#       default: false
#       description: Whether a limit stands in for a missing request, as the API server makes it on pods.
#     maximum:
#       type: string
#       default: ""
#       description: The highest request that is allowed, for instance `"2"`; empty allows any.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no CPU request, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The right figure is what the container uses on an ordinary day, which only its metrics say.
package require_cpu_requests

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
	not container.requests.cpu
	not implied(container)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s requests no CPU", [container.label])
	path := concat("/", [container.pointer, "resources/requests/cpu"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	most := quantities.cpu(maximum)
	some container in resources.with_requests
	quantity := container.requests.cpu
	quantities.cpu(quantity) > most
	not images.exempt(container, exempt_images)
	values := [container.label, quantity, maximum]
	msg := sprintf("%s requests %v CPU, more than the %s allowed", values)
	path := concat("/", [container.pointer, "resources/requests/cpu"])
}

implied(container) if {
	accept_limits
	some limited in resources.with_limits
	limited.pointer == container.pointer
	_ = limited.limits.cpu
}
