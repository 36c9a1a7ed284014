# METADATA
# title: Require recommended labels
# description: Workloads and their pods must carry Kubernetes' recommended labels.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
#     description: Recommended Labels
# custom:
#   id: require-recommended-labels
#   kind: JadeRequireRecommendedLabels
#   severity: low
#   severity_reason: Nothing breaks without them; what belongs together is found by guessing.
#   reliability: high
#   tags: [nsa:audit, labels]
#   features: [metadata.labels.recommended.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     Dashboards, network policies and people all ask which application a pod belongs to. The recommended labels answer
#     it in the same way for every application, whoever wrote it, and tools read them without being told. Pods are what
#     most of them select, so the template needs them as the workload does. What a controller made is not judged, its
#     owner is.
#   parameters:
#     labels:
#       type: array
#       items: {type: string}
#       default: [app.kubernetes.io/name, app.kubernetes.io/instance]
#       description: The labels that must be there.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: false
#       needs_human: true
#       note: >-
#         What the application and its instance are called is known only to its owner. In the template the label starts
#         new pods.
package require_recommended_labels

import data.lib.kubernetes as k8s
import data.lib.owners

default labels := ["app.kubernetes.io/name", "app.kubernetes.io/instance"]

labels := input.parameters.labels if is_array(input.parameters.labels)

tokens := {label: k8s.pointer_token(label) | some label in labels; is_string(label)}

# What carries them, by pointer. A Pod and its template are one.
carriers := {
	"/metadata/labels": k8s.labels,
	concat("", [k8s.pod_template_pointer, "/metadata/labels"]): k8s.pod_labels,
}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not owners.controlled
	some pointer, found in carriers
	some key, token in tokens
	not stated(found, key)
	msg := sprintf("%s lacks label %s at %s", [k8s.label, key, pointer])
	path := concat("/", [pointer, token])
}

stated(values, key) if {
	value := values[key]
	is_string(value)
	trim_space(value) != ""
}
