# METADATA
# title: Require labels
# description: Workloads and Namespaces must carry certain labels, by default one that names their owner.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
#     description: Labels and selectors
# custom:
#   id: require-labels
#   kind: JadeRequireLabels
#   severity: low
#   severity_reason: Nothing breaks without it; in an incident somebody searches for whom to call.
#   reliability: high
#   tags: [nsa:audit, labels]
#   features: [metadata.labels.owner.missing=true]
#   kinds: [workloads, Namespace]
#   rationale: >-
#     Costs, alerts and questions go to whoever owns a thing, and in a cluster of many teams only a label says who that
#     is: tools select and group by it. Which labels an organisation agreed on differs, so they are a parameter. What a
#     controller made is not judged, its owner is.
#   parameters:
#     labels:
#       type: array
#       items:
#         type: object
#         required: [key]
#         properties:
#           key: {type: string}
#           pattern: {type: string}
#       default:
#         - key: owner
#       description: >-
#         The labels, each with a `key` and where wanted a `pattern`, a regular expression that its whole value must match.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: false
#       needs_human: true
#       note: Whose it is, or what else a label should say, is known only to its owner.
package require_labels

import data.lib.kubernetes as k8s
import data.lib.owners
import data.lib.required

default labels := [{"key": "owner"}]

labels := input.parameters.labels if is_array(input.parameters.labels)

violation contains {"msg": msg, "details": {"path": path}} if {
	not owners.controlled
	some label in labels
	is_string(label.key)
	not met(label)
	msg := sprintf("%s lacks label %s%s", [k8s.label, label.key, required.wish(label)])
	path := concat("/", ["/metadata/labels", k8s.pointer_token(label.key)])
}

met(label) if required.met(k8s.labels[label.key], label)
