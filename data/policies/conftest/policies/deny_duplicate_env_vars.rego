# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_duplicate_env_vars

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	is_array(container.spec.env)

	# Where the names are as many as the entries, which is nearly always, there is nothing to compare.
	count({variable.name | some variable in container.spec.env}) < count(container.spec.env)
	not images.exempt(container, exempt_images)
	names := {index: name | some index, variable in container.spec.env; name := named(variable)}
	some index, overridden in names
	some later, overriding in names
	later > index
	overriding == overridden
	msg := sprintf("%s sets %s more than once: only the last value holds", [container.label, overridden])
	path := concat("/", [container.pointer, "env", format_int(index, 10)])
}

named(variable) := variable.name if {
	is_string(variable.name)
	variable.name != ""
}
