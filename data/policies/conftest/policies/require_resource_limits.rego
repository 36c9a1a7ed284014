# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_resource_limits

import data.lib.images
import data.lib.kubernetes as k8s

default resources := ["cpu", "memory"]

resources := input.parameters.resources if is_array(input.parameters.resources)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers

	# The API server refuses `resources` on an ephemeral container.
	container.field != "ephemeralContainers"
	some resource in resources
	not limited(container.spec, resource)

	# Kubernetes also takes limits for the pod as a whole.
	not limited(k8s.pod_spec, resource)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s of %s has no %s limit", [container.label, k8s.label, resource])
	path := concat("/", [container.pointer, "resources/limits", k8s.pointer_token(resource)])
}

# Zero and what is not a quantity limit nothing.
limited(spec, resource) if {
	limit := spec.resources.limits[resource]
	is_string(limit)
	regex.match(`^\+?[0.]*[1-9]`, limit)
}

limited(spec, resource) if {
	limit := spec.resources.limits[resource]
	is_number(limit)
	limit > 0
}
