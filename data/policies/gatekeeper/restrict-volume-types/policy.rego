# METADATA
# title: Restrict volume types
# description: A pod may mount only volumes that hold its own data, configuration and claims.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted, Volume Types
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#volume-types
#     description: Types of volumes
# custom:
#   id: restrict-volume-types
#   kind: JadeRestrictVolumeTypes
#   severity: medium
#   severity_reason: Past an own control (hostPath) it takes a reachable storage server or driver to do harm.
#   reliability: high
#   tags: [pss:restricted, nsa:pod-security, volume, storage]
#   features: [volume.type=other]
#   kinds: [workloads]
#   rationale: >-
#     A volume that names its storage in the pod (nfs, iscsi, rbd, a disk of the cloud, a driver of its own) lets
#     whoever writes the pod choose the server, the path and often the secret. A persistent volume claim leaves those to
#     who runs the storage, and quotas and access modes hold. Most of these types are also gone from current Kubernetes.
#   parameters:
#     allowedTypes:
#       type: array
#       items: {type: string}
#       default: [configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret]
#       description: >-
#         Volume types that may be used, as the field of the volume is called; a list of your own takes the place of the
#         default.
#   remediation:
#     - path: "{violation}"
#       operation: replace-volume-source
#       behaviour_changing: true
#       needs_human: true
#       note: Which claim holds the data, or whether scratch space does, is known only to its owner.
package restrict_volume_types

import data.lib.kubernetes as k8s

default allowed_types := [
	"configMap",
	"csi",
	"downwardAPI",
	"emptyDir",
	"ephemeral",
	"persistentVolumeClaim",
	"projected",
	"secret",
]

allowed_types := input.parameters.allowedTypes if is_array(input.parameters.allowedTypes)

violation contains {"msg": msg, "details": {"path": path}} if {
	is_array(k8s.pod_spec.volumes)
	some index, volume in k8s.pod_spec.volumes
	is_object(volume)

	# Beside its name a volume has one field, named after its type; without any it is an emptyDir.
	some type, source in volume
	type != "name"
	source != null
	not type in allowed_types
	msg := sprintf("%s has a volume of type %s; allowed: %s", [k8s.label, type, concat(", ", allowed_types)])
	path := concat("/", [k8s.pod_spec_pointer, "volumes", format_int(index, 10), k8s.pointer_token(type)])
}
