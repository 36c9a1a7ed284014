# METADATA
# title: Deny bare pods
# description: A Pod must be made by a controller, such as that of a Deployment or a Job.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/#pods-and-controllers
#     description: Pods and controllers
# custom:
#   id: deny-bare-pods
#   kind: JadeDenyBarePods
#   severity: medium
#   severity_reason: It is gone with its node or at the first eviction, until somebody notices.
#   reliability: high
#   tags: [availability]
#   features: [metadata.ownerReferences.controller=false]
#   kinds: [Pod]
#   match_source: Original
#   rationale: >-
#     Nothing puts a pod back that was created by hand: when its node fails or is drained, it ends there. It also cannot
#     be rolled out, scaled or rolled back, and no manifest in a repository accounts for it for long.
#   parameters:
#     exemptAnnotations:
#       type: array
#       items: {type: string}
#       default: [helm.sh/hook, kubernetes.io/config.mirror]
#       description: >-
#         Annotations of pods that something else looks after; by default hooks of Helm and the static pods of a node.
#     exemptPods:
#       type: array
#       items: {type: string}
#       default: []
#       description: Pods that may be bare, by name or by a prefix that ends in `*`.
#   remediation:
#     - path: "{resource}/kind"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: A Deployment is for what keeps running and a Job for what ends; which of them it is, its owner knows.
package deny_bare_pods

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.owners

default exempt_annotations := ["helm.sh/hook", "kubernetes.io/config.mirror"]

exempt_annotations := input.parameters.exemptAnnotations if is_array(input.parameters.exemptAnnotations)

default exempt_pods := []

exempt_pods := input.parameters.exemptPods if is_array(input.parameters.exemptPods)

violation contains {"msg": msg, "details": {"path": "/metadata/ownerReferences"}} if {
	k8s.group_kind == "Pod"
	not owners.controlled
	not exempt
	msg := sprintf("%s has no controller: nothing puts it back when it is gone", [k8s.label])
}

exempt if {
	some annotation in exempt_annotations
	not object.get(k8s.annotations, annotation, null) in {"", null}
}

exempt if names.matches(k8s.metadata.name, exempt_pods)
