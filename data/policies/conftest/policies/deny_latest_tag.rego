# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_latest_tag

import data.lib.images
import data.lib.kubernetes as k8s

default mutable_tags := ["latest"]

mutable_tags := input.parameters.mutableTags if is_array(input.parameters.mutableTags)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	image := container.spec.image
	not image in {null, ""}
	problem := moving(image)
	not images.pinned_by_digest(image)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s uses image %v, which %s", [container.label, image, problem])
	path := concat("/", [container.pointer, "image"])
}

moving(image) := "has no tag" if not images.tags[image]

moving(image) := sprintf("has the moving tag %q", [tag]) if {
	tag := images.tags[image]
	tag in mutable_tags
}
