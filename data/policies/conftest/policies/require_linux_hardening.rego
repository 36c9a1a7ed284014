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
	not k8s.windows
	some container in k8s.containers
	not hardened(container)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s of %s names none of %s", [container.label, k8s.label, concat(", ", measures)])
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
	profile_type(container, "seccompProfile") in {"RuntimeDefault", "Localhost"}
	"seccomp" in measures
}

hardened(container) if {
	profile_type(container, "appArmorProfile") in {"RuntimeDefault", "Localhost"}
	"appArmor" in measures
}

# The annotation of Kubernetes before 1.30.
hardened(container) if {
	name := container.spec.name
	is_string(name)
	profile := k8s.pod_annotations[concat("/", ["container.apparmor.security.beta.kubernetes.io", name])]
	is_string(profile)
	regex.match(`^(runtime/default$|localhost/)`, profile)
	"appArmor" in measures
}

hardened(container) if {
	some context in [container.security_context, k8s.pod_security_context]
	some field in ["level", "role", "type", "user"]
	option := context.seLinuxOptions[field]
	is_string(option)
	option != ""
	"seLinux" in measures
}

# What the container says comes before what its pod says.
profile_type(container, field) := type if {
	type := container.security_context[field].type
	type != null
} else := k8s.pod_security_context[field].type
