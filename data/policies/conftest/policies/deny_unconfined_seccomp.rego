# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_unconfined_seccomp

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

pod_annotation := "seccomp.security.alpha.kubernetes.io/pod"

container_annotation := "container.seccomp.security.alpha.kubernetes.io/"

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	type := container.security_context.seccompProfile.type
	unconfined(type)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s turns seccomp off: seccompProfile.type is %v", [container.label, type])
	path := concat("/", [container.pointer, "securityContext/seccompProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	type := k8s.pod_security_context.seccompProfile.type
	unconfined(type)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s turns seccomp off: seccompProfile.type is %v", [k8s.label, type])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/seccompProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	profile := k8s.pod_annotations[pod_annotation]
	unfiltered(profile)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s turns seccomp off by an annotation: %v", [k8s.label, profile])
	path := concat("/", [k8s.pod_template_pointer, "metadata/annotations", k8s.pointer_token(pod_annotation)])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, profile in k8s.pod_annotations
	startswith(key, container_annotation)
	unfiltered(profile)
	name := trim_prefix(key, container_annotation)
	not name in exempt_names
	msg := sprintf("Container %q of %s turns seccomp off by an annotation: %v", [name, k8s.label, profile])
	path := concat("/", [k8s.pod_template_pointer, "metadata/annotations", k8s.pointer_token(key)])
}

# Whatever is no known profile is taken for none.
unconfined(type) if not type in {null, "", "RuntimeDefault", "Localhost"}

unfiltered(profile) if {
	not profile in {null, "", "runtime/default", "docker/default"}
	not local(profile)
}

local(profile) if {
	is_string(profile)
	startswith(profile, "localhost/")
}

exempt_names contains container.spec.name if {
	some container in k8s.containers
	images.exempt(container, exempt_images)
}
