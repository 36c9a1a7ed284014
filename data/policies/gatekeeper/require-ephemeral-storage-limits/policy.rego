# METADATA
# title: Require ephemeral storage limits
# description: Every container and init container must limit the storage of its node that it may fill.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/ephemeral-storage/
#     description: Local ephemeral storage, and what is counted
# custom:
#   id: require-ephemeral-storage-limits
#   kind: JadeRequireEphemeralStorageLimits
#   severity: low
#   severity_reason: One container can fill its node's disk, and the kubelet then evicts others until there is room.
#   reliability: high
#   tags: [nsa:resource-policies, mitre:T1499, resources, storage, container]
#   features: [resources.limits.ephemeral_storage.missing=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers, initContainers]
#     reason: The API server refuses `resources` on an ephemeral container, so there is nothing that it could set.
#   rationale: >-
#     What a container writes to its own file system, to emptyDir volumes and to its log lies on the disk of the node,
#     which it shares with all others. A log in a loop or an upload without an end fills it, and the kubelet stops
#     starting pods there. With a limit, the pod that writes too much is evicted, and it alone.
#   parameters:
#     maximum:
#       type: string
#       default: ""
#       description: The highest limit that is allowed, for instance `2Gi`; empty allows any.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no such limit, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: How much it writes to its disk and log is known from the running container; above the limit it is evicted.
package require_ephemeral_storage_limits

import data.lib.images
import data.lib.quantities
import data.lib.resources

default maximum := ""

maximum := input.parameters.maximum if is_string(input.parameters.maximum)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in resources.with_limits
	not container.limits["ephemeral-storage"]
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no ephemeral-storage limit", [container.label])
	path := concat("/", [container.pointer, "resources/limits/ephemeral-storage"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	most := quantities.bytes(maximum)
	some container in resources.with_limits
	quantity := container.limits["ephemeral-storage"]
	quantities.bytes(quantity) > most
	not images.exempt(container, exempt_images)
	values := [container.label, quantity, maximum]
	msg := sprintf("%s may fill %v of its node's disk, more than the %s allowed", values)
	path := concat("/", [container.pointer, "resources/limits/ephemeral-storage"])
}
