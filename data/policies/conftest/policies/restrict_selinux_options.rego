# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_selinux_options

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_types := ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"]

allowed_types := input.parameters.allowedTypes if is_array(input.parameters.allowedTypes)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# What each option may say, besides nothing.
allowed_values := {"role": [], "type": allowed_types, "user": []}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	options := container.security_context.seLinuxOptions
	some field, allowed in allowed_values
	value := options[field]
	not value in {null, ""}
	not value in allowed
	not images.exempt(container, exempt_images)
	msg := sprintf("%s sets the SELinux %s %v", [container.label, field, value])
	path := concat("/", [container.pointer, "securityContext/seLinuxOptions", field])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	options := k8s.pod_security_context.seLinuxOptions
	some field, allowed in allowed_values
	value := options[field]
	not value in {null, ""}
	not value in allowed
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s sets the SELinux %s %v", [k8s.label, field, value])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/seLinuxOptions", field])
}
