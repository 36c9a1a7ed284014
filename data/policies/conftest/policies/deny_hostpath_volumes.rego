# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_hostpath_volumes

import data.lib.kubernetes as k8s

default allowed_paths := []

allowed_paths := input.parameters.allowedPaths if is_array(input.parameters.allowedPaths)

violation contains {"msg": msg, "details": {"path": path}} if {
	is_array(k8s.pod_spec.volumes)
	some index, volume in k8s.pod_spec.volumes
	volume.hostPath != null
	node_path := object.get(volume, ["hostPath", "path"], "a path")
	not allowed(node_path)
	msg := sprintf("%s mounts %v of its node", [k8s.label, node_path])
	path := concat("/", [k8s.pod_spec_pointer, "volumes", format_int(index, 10), "hostPath"])
}

allowed(node_path) if {
	is_string(node_path)

	# A path that climbs out of the allowed directory is not below it.
	not ".." in split(node_path, "/")
	some directory in allowed_paths
	startswith(concat("", [trim_right(node_path, "/"), "/"]), concat("", [trim_right(directory, "/"), "/"]))
}
