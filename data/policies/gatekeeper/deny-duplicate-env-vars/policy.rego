# METADATA
# title: Deny duplicate environment variables
# description: No container may set the same environment variable twice.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
#     description: Define environment variables for a container
#   - ref: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
#     description: How Kubernetes merges lists whose entries have a key
# custom:
#   id: deny-duplicate-env-vars
#   kind: JadeDenyDuplicateEnvVars
#   severity: low
#   severity_reason: The process may run with another setting than the one that people read in the manifest.
#   reliability: high
#   tags: [container, configuration]
#   features: [env.duplicate=true]
#   kinds: [workloads]
#   rationale: >-
#     The last entry wins, so the value that a reader finds first is not the one that holds. `env` is merged by name as
#     well: an update through apply or a patch may drop one of the entries, and the setting changes although nobody
#     touched it. The path names the entry that has no effect.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that this policy leaves alone, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove-item
#       behaviour_changing: false
#       needs_human: false
#       note: The later entry holds already. A variable between the two may refer to the name; look at what it gets.
package deny_duplicate_env_vars

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
