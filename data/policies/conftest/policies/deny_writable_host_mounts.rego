# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_writable_host_mounts

import data.lib.images
import data.lib.kubernetes as k8s
import data.lib.volumes

default allowed_paths := []

allowed_paths := input.parameters.allowedPaths if is_array(input.parameters.allowedPaths)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

allowed_places := volumes.places(allowed_paths)

violation contains {"msg": msg, "details": {"path": path}} if {
	some volume in volumes.host_paths
	not volumes.below(volume.place, allowed_places)
	some container in k8s.containers
	is_array(container.spec.volumeMounts)
	some index, mount in container.spec.volumeMounts
	mount.name == volume.name
	object.get(mount, "readOnly", false) != true
	not images.exempt(container, exempt_images)
	msg := sprintf("%s may write to %v of its node", [container.label, volume.path])
	path := concat("/", [container.pointer, "volumeMounts", format_int(index, 10), "readOnly"])
}
