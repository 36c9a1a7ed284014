# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_seccomp_profile

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_profiles := ["RuntimeDefault", "Localhost"]

allowed_profiles := input.parameters.allowedProfiles if is_array(input.parameters.allowedProfiles)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

wanted := concat(" or ", allowed_profiles)

pod_type := object.get(k8s.pod_security_context, ["seccompProfile", "type"], null)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	not confined(object.get(container.security_context, ["seccompProfile", "type"], null))
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s has no seccomp profile of type %s",
		[container.label, wanted],
	)
	path := concat("/", [container.pointer, "securityContext/seccompProfile/type"])
}

# A pod that names a profile which is not allowed is refused even where all of its containers name another.
violation contains {"msg": msg, "details": {"path": path}} if {
	not k8s.windows
	pod_type != null
	not pod_type in allowed_profiles
	msg := sprintf(
		"%s has seccomp profile %v; allowed: %s",
		[k8s.label, pod_type, concat(", ", allowed_profiles)],
	)
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/seccompProfile/type"])
}

confined(type) if type in allowed_profiles

# The container says nothing, so the pod's profile holds.
confined(type) if {
	type == null
	pod_type in allowed_profiles
}
