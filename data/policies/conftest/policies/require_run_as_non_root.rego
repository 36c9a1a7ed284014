# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_run_as_non_root

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

default pod_value := null

pod_value := k8s.pod_security_context.runAsNonRoot

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := object.get(container.security_context, "runAsNonRoot", null)
	not non_root(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s may run as root: set securityContext.runAsNonRoot to true",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/runAsNonRoot"])
}

# A pod that says no is refused even where all of its containers say yes: one that is added later would inherit it.
violation contains {"msg": msg, "details": {"path": path}} if {
	not pod_value in {null, true}
	msg := sprintf(
		"%s lets its containers run as root: the pod's securityContext.runAsNonRoot is %v",
		[k8s.label, pod_value],
	)
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/runAsNonRoot"])
}

non_root(value) if value == true

# The container says nothing, so the pod's value holds.
non_root(value) if {
	value == null
	pod_value == true
}
