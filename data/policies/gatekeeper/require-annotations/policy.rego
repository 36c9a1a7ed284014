# METADATA
# title: Require annotations
# description: Workloads and Services must carry certain annotations, by default one that says whom to turn to.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
#     description: Annotations
#   - ref: https://ambassadorlabs.github.io/k8s-for-humans/
#     description: A convention for annotations of Services
# custom:
#   id: require-annotations
#   kind: JadeRequireAnnotations
#   severity: low
#   severity_reason: Nothing breaks without it; in an incident somebody searches for whom to call.
#   reliability: high
#   tags: [nsa:audit, annotations]
#   features: [metadata.annotations.owner.missing=true]
#   kinds: [workloads, Service]
#   rationale: >-
#     When a Service fails at night, whoever is called looks at it first: an annotation can say who owns it and where its
#     runbook is, which no label can, as its value may be an address or a link. Those below `a8r.io/` are a convention
#     that catalogues read. Which ones an organisation agreed on differs, so they are a parameter. What a controller made
#     is not judged, its owner is.
#   parameters:
#     annotations:
#       type: array
#       items:
#         type: object
#         required: [key]
#         properties:
#           key: {type: string}
#           pattern: {type: string}
#       default:
#         - key: a8r.io/owner
#       description: >-
#         The annotations, each with a `key` and where wanted a `pattern`, a regular expression that its whole value must match.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: false
#       needs_human: true
#       note: Whose it is, or what else an annotation should say, is known only to its owner.
package require_annotations

import data.lib.kubernetes as k8s
import data.lib.owners
import data.lib.required

default annotations := [{"key": "a8r.io/owner"}]

annotations := input.parameters.annotations if is_array(input.parameters.annotations)

violation contains {"msg": msg, "details": {"path": path}} if {
	not owners.controlled
	some annotation in annotations
	is_string(annotation.key)
	not met(annotation)
	msg := sprintf("%s lacks annotation %s%s", [k8s.label, annotation.key, required.wish(annotation)])
	path := concat("/", ["/metadata/annotations", k8s.pointer_token(annotation.key)])
}

met(annotation) if required.met(k8s.annotations[annotation.key], annotation)
