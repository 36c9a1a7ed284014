# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_plaintext_secrets

import data.lib.images
import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.secrets

default secret_names := [
	"password",
	"passwd",
	"passphrase",
	"_pass",
	"_pwd",
	"secret",
	"token",
	"credentials?",
	"(?:access|api|auth|encryption|private|secret|signing)_?key",
	"connection_string",
]

secret_names := input.parameters.secretNames if is_array(input.parameters.secretNames)

secret_name := secrets.pattern(secret_names)

default references := ["$(", "vault:"]

references := input.parameters.references if is_array(input.parameters.references)

prefixes := {prefix | some prefix in references; is_string(prefix); prefix != ""}

default exempt_variables := []

exempt_variables := input.parameters.exemptVariables if is_array(input.parameters.exemptVariables)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	is_array(container.spec.env)
	some index, variable in container.spec.env
	value := variable.value
	not value in {"", null}
	name := variable.name
	is_string(name)
	regex.match(secret_name, name)
	not refers(value)
	not names.matches(name, exempt_variables)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has the value of %s in its manifest", [container.label, name])
	path := concat("/", [container.pointer, "env", format_int(index, 10), "value"])
}

refers(value) if {
	is_string(value)
	some prefix in prefixes
	startswith(value, prefix)
}
