# METADATA
# title: Deny secrets in ConfigMaps
# description: No ConfigMap may hold what its key or its text says is a secret.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/configmap/
#     description: ConfigMaps
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#     description: Good practices for Kubernetes Secrets
# custom:
#   id: deny-secrets-in-config-maps
#   kind: JadeDenySecretsInConfigMaps
#   severity: high
#   severity_reason: Everybody who may look at the namespace reads it; how far the secret leads is not known.
#   reliability: medium
#   tags: [mitre:T1552, secrets, config-map]
#   features: [configMap.data.secret=true]
#   kinds: [ConfigMap]
#   rationale: >-
#     A ConfigMap is readable for whoever may view the namespace, is not encrypted at rest where Secrets are, and stands in
#     its repository and in backups as it is. What a key or a text looks like is a guess, hence the reliability.
#   parameters:
#     secretNames:
#       type: array
#       items: {type: string}
#       default:
#         - password
#         - passwd
#         - passphrase
#         - _pass
#         - _pwd
#         - secret
#         - token
#         - credentials?
#         - (?:access|api|auth|encryption|private|secret|signing)_?key
#         - connection_string
#       description: >-
#         What the keys of secrets end in, as regular expressions, in any case; `_` stands for any character that is no
#         letter or digit.
#     secretTexts:
#       type: array
#       items: {type: string}
#       default:
#         - PRIVATE KEY-----
#         - aws_secret_access_key
#         - github_pat_
#         - glpat-
#         - hooks.slack.com/services/
#         - xoxb-
#         - xoxp-
#       description: What only texts with a secret contain, as it is written; private keys, and how providers mark theirs.
#     exemptConfigMaps:
#       type: array
#       items: {type: string}
#       default: []
#       description: ConfigMaps that hold none whatever they look like, by name or by a prefix that ends in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         What holds a secret must become a Secret, its readers must be pointed there, and the secret be replaced by a new
#         one: it was seen. Only its owner can do that.
package deny_secrets_in_config_maps

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
