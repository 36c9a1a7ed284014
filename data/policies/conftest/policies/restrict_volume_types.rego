# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_volume_types

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
