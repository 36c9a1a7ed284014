# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_image_digest

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	image := container.spec.image
	not image in {null, ""}
	not images.pinned_by_digest(image)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s uses image %v, which no digest pins", [container.label, image])
	path := concat("/", [container.pointer, "image"])
}
