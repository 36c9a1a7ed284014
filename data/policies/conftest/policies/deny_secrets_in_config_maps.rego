# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_secrets_in_config_maps

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

default secret_texts := [
	"PRIVATE KEY-----",
	"aws_secret_access_key",
	"github_pat_",
	"glpat-",
	"hooks.slack.com/services/",
	"xoxb-",
	"xoxp-",
]

secret_texts := input.parameters.secretTexts if is_array(input.parameters.secretTexts)

default exempt_config_maps := []

exempt_config_maps := input.parameters.exemptConfigMaps if is_array(input.parameters.exemptConfigMaps)

# By its key, and by its text; what is binary is base64, whose text says nothing.
suspects contains {"field": field, "key": key} if {
	some field in ["binaryData", "data"]
	is_object(k8s.resource[field])
	some key, value in k8s.resource[field]
	regex.match(secret_name, key)
	not value in {"", null}
}

suspects contains {"field": "data", "key": key} if {
	is_object(k8s.resource.data)
	some key, value in k8s.resource.data
	is_string(value)
	some text in secret_texts
	is_string(text)
	text != ""
	contains(value, text)
}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.group_kind == "ConfigMap"
	some suspect in suspects
	not exempt
	msg := sprintf("%s holds a secret under %q, as it seems", [k8s.label, suspect.key])
	path := concat("/", ["", suspect.field, k8s.pointer_token(suspect.key)])
}

exempt if names.matches(k8s.metadata.name, exempt_config_maps)
