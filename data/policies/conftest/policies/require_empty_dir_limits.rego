# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_empty_dir_limits

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
