# METADATA
# title: Deny Secrets in environment variables
# description: No container may take an environment variable from a Secret; Secrets are mounted as files.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#     description: Good practices for Kubernetes Secrets
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod
#     description: Secrets, using them as files from a Pod
# custom:
#   id: deny-secret-env-vars
#   kind: JadeDenySecretEnvVars
#   severity: low
#   severity_reason: The secret is exposed to those who already see the process, its children or its crash reports.
#   reliability: high
#   tags: [cis:5.4.1, mitre:T1552, secrets, container]
#   features: [env.valueFrom.secretKeyRef.set=true, envFrom.secretRef.set=true]
#   kinds: [workloads]
#   rationale: >-
#     Every process that a container starts inherits its environment, and much prints it: crash reports, debug pages,
#     `env` in a support ticket. A file is read only by who opens it, can be readable for one user alone, and follows the
#     Secret when that is renewed, which a variable never does.
#   parameters:
#     exemptSecrets:
#       type: array
#       items: {type: string}
#       default: []
#       description: Secrets that may stand in variables, by name or by a prefix that ends in `*`.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images whose containers may take them, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: The Secret must be mounted as a volume and the program told to read the file, which only its owner can do.
package deny_secret_env_vars

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
