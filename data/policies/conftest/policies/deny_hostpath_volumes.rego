# Generated from data/policies/gatekeeper; change that and run `make generate`.
package jade.policies.deny_hostpath_volumes

import data.lib.kubernetes as k8s

default allowed_paths := []

allowed_paths := input.parameters.allowedPaths if is_array(input.parameters.allowedPaths)

violation contains {"msg": msg, "details": {"path": path}} if {
	is_array(k8s.pod_spec.volumes)
	some index, volume in k8s.pod_spec.volumes
	volume.hostPath != null
	not allowed(volume.hostPath.path)
	msg := sprintf("%s mounts %s of its node", [k8s.label, node_path(volume)])
	path := concat("/", [k8s.pod_spec_pointer, "volumes", format_int(index, 10), "hostPath"])
}

allowed(node_path) if {
	is_string(node_path)

	# A path that climbs out of the allowed directory is not below it.
	not ".." in split(node_path, "/")
	some directory in allowed_paths
	startswith(concat("", [trim_right(node_path, "/"), "/"]), concat("", [trim_right(directory, "/"), "/"]))
}

node_path(volume) := volume.hostPath.path if is_string(volume.hostPath.path)

node_path(volume) := "a path" if not is_string(object.get(volume, ["hostPath", "path"], null))
