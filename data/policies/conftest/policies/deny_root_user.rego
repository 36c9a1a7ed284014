# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_root_user

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := container.security_context.runAsUser
	value != null
	not plain(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s may run as root: securityContext.runAsUser is %v",
		[container.label, value],
	)
	path := concat("/", [container.pointer, "securityContext/runAsUser"])
}

# A pod that names root is refused even where all of its containers name another: one that is added later would inherit
# it.
violation contains {"msg": msg, "details": {"path": path}} if {
	value := k8s.pod_security_context.runAsUser
	value != null
	not plain(value)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf(
		"%s lets its containers run as root: the pod's securityContext.runAsUser is %v",
		[k8s.label, value],
	)
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/runAsUser"])
}

plain(value) if {
	is_number(value)
	value > 0
}
