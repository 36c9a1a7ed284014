# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_secret_env_vars

import data.lib.images
import data.lib.kubernetes as k8s
import data.lib.names

default exempt_secrets := []

exempt_secrets := input.parameters.exemptSecrets if is_array(input.parameters.exemptSecrets)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# Each place where a container's environment refers to a Secret.
references contains {"container": container, "reference": reference, "pointer": pointer} if {
	some container in k8s.containers
	is_array(container.spec.env)
	some index, variable in container.spec.env
	reference := variable.valueFrom.secretKeyRef
	reference != null
	pointer := concat("/", [container.pointer, "env", format_int(index, 10), "valueFrom/secretKeyRef"])
}

references contains {"container": container, "reference": reference, "pointer": pointer} if {
	some container in k8s.containers
	is_array(container.spec.envFrom)
	some index, source in container.spec.envFrom
	reference := source.secretRef
	reference != null
	pointer := concat("/", [container.pointer, "envFrom", format_int(index, 10), "secretRef"])
}

violation contains {"msg": msg, "details": {"path": found.pointer}} if {
	some found in references
	name := object.get(k8s.object_or_empty(found.reference), "name", "")
	not names.matches(name, exempt_secrets)
	not images.exempt(found.container, exempt_images)
	msg := sprintf("%s has Secret %q in its environment", [found.container.label, text(name)])
}

text(name) := name if {
	is_string(name)
} else := ""
