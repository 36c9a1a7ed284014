# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_resource_limits

import data.lib.images
import data.lib.kubernetes as k8s
import data.lib.resources as held

default resources := ["cpu", "memory"]

resources := input.parameters.resources if is_array(input.parameters.resources)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in held.with_limits
	some resource in resources
	is_string(resource)
	not container.limits[resource]
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no %s limit", [container.label, resource])
	path := concat("/", [container.pointer, "resources/limits", k8s.pointer_token(resource)])
}
