# METADATA
# title: Require size limits for emptyDir volumes
# description: Every emptyDir volume must say how large it may grow.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
#     description: emptyDir volumes, their medium and sizeLimit
#   - ref: https://kubernetes.io/docs/concepts/storage/ephemeral-storage/
#     description: Local ephemeral storage, and what is counted
# custom:
#   id: require-empty-dir-limits
#   kind: JadeRequireEmptyDirLimits
#   severity: low
#   severity_reason: One pod can fill its node's disk or memory, and the kubelet then evicts others until there is room.
#   reliability: high
#   tags: [nsa:resource-policies, mitre:T1499, resources, storage]
#   features: [volumes.emptyDir.sizeLimit.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     An emptyDir lies on the disk of the node, or in its memory, and grows as far as that goes: a cache that is never
#     cleared takes its neighbours down with it. With a size limit, the pod that goes beyond is evicted, and it alone. A
#     volume that names no source is an emptyDir, too.
#   parameters:
#     maximum:
#       type: string
#       default: ""
#       description: The largest size limit that is allowed, for instance `2Gi`; empty allows any.
#     exemptVolumes:
#       type: array
#       items: {type: string}
#       default: []
#       description: Names of volumes that need no limit, or prefixes of names that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: How much is written there is known from the running pod; above the limit it is evicted.
package require_empty_dir_limits

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.quantities
import data.lib.resources

default maximum := ""

maximum := input.parameters.maximum if is_string(input.parameters.maximum)

default exempt_volumes := []

exempt_volumes := input.parameters.exemptVolumes if is_array(input.parameters.exemptVolumes)

violation contains {"msg": msg, "details": {"path": path}} if {
	some volume in empty_dirs
	not resources.above_zero(volume.limit)
	msg := sprintf("Volume %s of %s is an emptyDir without a size limit", [volume.label, k8s.label])
	path := volume.path
}

violation contains {"msg": msg, "details": {"path": path}} if {
	most := quantities.bytes(maximum)
	some volume in empty_dirs
	quantities.bytes(volume.limit) > most
	values := [volume.label, k8s.label, volume.limit, maximum]
	msg := sprintf("Volume %s of %s may grow to %v, more than the %s allowed", values)
	path := volume.path
}

# `limit` is null where none is set.
empty_dirs := [empty_dir |
	is_array(k8s.pod_spec.volumes)
	some index, volume in k8s.pod_spec.volumes
	is_object(volume)
	is_empty_dir(volume)
	name := object.get(volume, "name", null)
	not names.matches(name, exempt_volumes)
	position := format_int(index, 10)
	empty_dir := {
		"label": label(name, position),
		"limit": object.get(volume, ["emptyDir", "sizeLimit"], null),
		"path": concat("/", [k8s.pod_spec_pointer, "volumes", position, "emptyDir/sizeLimit"]),
	}
]

is_empty_dir(volume) if object.get(volume, "emptyDir", null) != null

# The API server makes a volume without any source an emptyDir.
is_empty_dir(volume) if {
	every field, source in volume {
		without_source(field, source)
	}
}

without_source("name", _)

without_source(_, null)

label(name, _) := sprintf("%q", [name]) if is_string(name)

label(name, position) := concat("", ["#", position]) if not is_string(name)
