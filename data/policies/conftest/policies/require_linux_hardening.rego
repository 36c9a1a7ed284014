# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_linux_hardening

import data.lib.images
import data.lib.kubernetes as k8s

default measures := ["appArmor", "capabilities", "seccomp", "seLinux"]

measures := input.parameters.measures if is_array(input.parameters.measures)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# Windows knows none of these.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	not hardened(container)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s names none of %s", [container.label, concat(", ", measures)])
	path := concat("/", [container.pointer, "securityContext"])
}

hardened(container) if {
	dropped := container.security_context.capabilities.drop
	is_array(dropped)
	some capability in dropped
	is_string(capability)
	capability != ""
	"capabilities" in measures
}

hardened(container) if {
	"seccomp" in measures
	profile_type(container, "seccompProfile") in {"RuntimeDefault", "Localhost"}
}

hardened(container) if {
	profile_type(container, "appArmorProfile") in {"RuntimeDefault", "Localhost"}
	"appArmor" in measures
}

hardened(container) if {
	container.spec.name in annotated
	"appArmor" in measures
}

hardened(container) if {
	some context in [container.security_context, k8s.pod_security_context]
	some field, option in context.seLinuxOptions
	field in {"level", "role", "type", "user"}
	is_string(option)
	option != ""
	"seLinux" in measures
}

# The containers whose AppArmor profile an annotation says, as before Kubernetes 1.30.
annotated contains name if {
	some annotation, profile in k8s.pod_annotations
	startswith(annotation, "container.apparmor.security.beta.kubernetes.io/")
	is_string(profile)
	regex.match(`^(runtime/default$|localhost/)`, profile)
	name := trim_prefix(annotation, "container.apparmor.security.beta.kubernetes.io/")
}

# What the container says comes before what its pod says.
profile_type(container, field) := type if {
	type := container.security_context[field].type
	type != null
} else := k8s.pod_security_context[field].type
