# METADATA
# title: Require the instance label to match the name
# description: Label `app.kubernetes.io/instance` of a workload must be its name.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
#     description: Recommended Labels
# custom:
#   id: require-matching-instance-label
#   kind: JadeRequireMatchingInstanceLabel
#   severity: info
#   severity_reason: It makes things easier to find and protects nothing.
#   reliability: medium
#   tags: [labels]
#   features: [metadata.labels.instance.matches=false]
#   kinds: [workloads]
#   rationale: >-
#     Where the label says what the name says, one question finds a workload, its pods, its logs and its costs, and a
#     copy under another name that kept the labels of the original is noticed. Helm calls a whole release an instance and
#     names its parts after it, so charts with several workloads need exemptions, hence the reliability. What a
#     controller made has a name that nobody chose and is not judged, its owner is.
#   parameters:
#     exemptObjects:
#       type: array
#       items: {type: string}
#       default: []
#       description: What need not match, as `name` or `Kind/name`; `*` at the end stands for any rest.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: false
#       needs_human: true
#       note: The value is the object's name, unless that is the one that is wrong; selectors may rely on the label.
package require_matching_instance_label

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.owners

default exempt_objects := []

exempt_objects := input.parameters.exemptObjects if is_array(input.parameters.exemptObjects)

violation contains {"msg": msg, "details": {"path": "/metadata/labels/app.kubernetes.io~1instance"}} if {
	k8s.pod_spec
	not matching
	not owners.controlled
	not names.matches_resource(exempt_objects)
	msg := sprintf("%s does not have its name as label app.kubernetes.io/instance", [k8s.label])
}

matching if {
	is_string(k8s.metadata.name)
	k8s.labels["app.kubernetes.io/instance"] == k8s.metadata.name
}

# The API server makes up the name.
matching if {
	object.get(k8s.metadata, "name", null) in {null, ""}
	is_string(k8s.metadata.generateName)
	k8s.metadata.generateName != ""
}
