# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_apparmor_profiles

import data.lib.images
import data.lib.kubernetes as k8s

annotation_prefix := "container.apparmor.security.beta.kubernetes.io/"

# What the annotations call the types; a local profile is `localhost/` and its name.
annotation_values := {"RuntimeDefault": "runtime/default", "Unconfined": "unconfined"}

default allowed_types := ["RuntimeDefault", "Localhost"]

allowed_types := input.parameters.allowedTypes if is_array(input.parameters.allowedTypes)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	type := container.security_context.appArmorProfile.type
	not type in {null, ""}
	not type in allowed_types
	not images.exempt(container, exempt_images)
	msg := sprintf("%s runs under the AppArmor profile %v", [container.label, type])
	path := concat("/", [container.pointer, "securityContext/appArmorProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	type := k8s.pod_security_context.appArmorProfile.type
	not type in {null, ""}
	not type in allowed_types
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s runs under the AppArmor profile %v", [k8s.label, type])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/appArmorProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, profile in k8s.pod_annotations
	startswith(key, annotation_prefix)
	not profile in {null, ""}
	not named(profile)
	name := trim_prefix(key, annotation_prefix)
	not name in exempt_names
	msg := sprintf("Container %q of %s runs under the AppArmor profile %v", [name, k8s.label, profile])
	path := concat("/", [k8s.pod_template_pointer, "metadata/annotations", k8s.pointer_token(key)])
}

named(profile) if {
	some type in allowed_types
	profile == annotation_values[type]
}

named(profile) if {
	is_string(profile)
	startswith(profile, "localhost/")
	"Localhost" in allowed_types
}

exempt_names contains container.spec.name if {
	some container in k8s.containers
	images.exempt(container, exempt_images)
}
