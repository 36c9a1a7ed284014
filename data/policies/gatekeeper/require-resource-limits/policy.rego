# METADATA
# title: Require resource limits
# description: Every container and init container must limit its CPU and memory, itself or through its pod.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#     description: Resource management for pods and containers
# custom:
#   id: require-resource-limits
#   kind: JadeRequireResourceLimits
#   severity: medium
#   severity_reason: One leaking or attacked pod can take its whole node down, and nothing further.
#   reliability: high
#   tags: [nsa:resource-policies, mitre:T1499, resources, container]
#   features: [resources.limits.missing=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers, initContainers]
#     reason: The API server refuses `resources` on an ephemeral container, so there is nothing that it could set.
#   rationale: >-
#     A container without a memory limit grows until the kernel kills something on its node, not always the culprit, and
#     one without a CPU limit slows its neighbours when it loops or is flooded. A limit makes the failure local and
#     visible. Teams that deliberately leave CPU unlimited set `resources` to memory alone.
#   parameters:
#     resources:
#       type: array
#       items: {type: string}
#       default: [cpu, memory]
#       description: Resources that must have a limit.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no limits, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The right figure comes from what the container uses under load; a limit that is too low kills it.
package require_resource_limits

import data.lib.images
import data.lib.kubernetes as k8s
import data.lib.resources as held

default resources := ["cpu", "memory"]

resources := input.parameters.resources if is_array(input.parameters.resources)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in held.with_limits
	some resource in resources
	is_string(resource)
	not container.limits[resource]
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no %s limit", [container.label, resource])
	path := concat("/", [container.pointer, "resources/limits", k8s.pointer_token(resource)])
}
