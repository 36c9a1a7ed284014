# METADATA
# title: Deny plaintext secrets in environment variables
# description: No environment variable whose name says that it holds a secret may have its value in the manifest.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#     description: Good practices for Kubernetes Secrets
#   - ref: https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html
#     description: OWASP, secrets management
# custom:
#   id: deny-plaintext-secrets
#   kind: JadeDenyPlaintextSecrets
#   severity: high
#   severity_reason: Who reads the manifest, its repository or the pod can use the secret; how far it leads is not known.
#   reliability: medium
#   tags: [mitre:T1552, secrets, container]
#   features: [env.value.secret=true]
#   kinds: [workloads]
#   rationale: >-
#     A manifest is read by many: in its repository with all that ever stood there, in the pipeline's log, and in the
#     cluster by everybody who may look at pods, which are far more people than may read Secrets. A password in it is
#     known to all of them and can be changed only together with the workload. What a name says is a guess, hence the
#     reliability.
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
#         What the names of secrets end in, as regular expressions, in any case; `_` stands for any character that is no
#         letter or digit. A name that goes on, such as TOKEN_FILE, says where a secret is or how long it lives.
#     references:
#       type: array
#       items: {type: string}
#       default: [$(, "vault:"]
#       description: What a value starts with that refers to a secret elsewhere instead of being one.
#     exemptVariables:
#       type: array
#       items: {type: string}
#       default: []
#       description: Variables that hold no secret whatever their names say, by name or by a prefix that ends in `*`.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images whose containers may have them, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         The secret must be put into a Secret, better mounted as a file than in a variable, and be replaced by a new one:
#         it was seen. Only its owner can do that.
package deny_plaintext_secrets

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
