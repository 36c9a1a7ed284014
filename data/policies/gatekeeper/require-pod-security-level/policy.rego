# METADATA
# title: Require a Pod Security level
# description: Every Namespace must enforce one of the Pod Security Standards that are allowed.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
#     description: Pod Security Admission
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards
# custom:
#   id: require-pod-security-level
#   kind: JadeRequirePodSecurityLevel
#   severity: medium
#   severity_reason: Pods with the rights of their node are let in; somebody must still create one.
#   reliability: medium
#   tags: [cis:5.2.1, nsa:pod-security, namespace]
#   features: [namespace.labels.podSecurity.enforce.missing=true]
#   kinds: [Namespace]
#   rationale: >-
#     Kubernetes itself refuses pods that break the Pod Security Standards, but only in namespaces whose label says so:
#     without it, a privileged pod is as welcome as any other. The label costs nothing and holds where other controls are
#     down. The API server may have a level for all namespaces without a label, which no manifest shows, hence the
#     reliability.
#   parameters:
#     levels:
#       type: array
#       items: {type: string}
#       default: [baseline, restricted]
#       description: The levels that are allowed, out of `privileged`, `baseline` and `restricted`.
#     exemptNamespaces:
#       type: array
#       items: {type: string}
#       default: [kube-system]
#       description: >-
#         Namespaces that need none, by name or by a prefix that ends in `*`; by default that of Kubernetes' own agents,
#         which need their node.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: baseline
#       behaviour_changing: true
#       needs_human: true
#       note: Pods that break the level are not created any more. Set it as `warn` first and see which those are.
package require_pod_security_level

import data.lib.kubernetes as k8s
import data.lib.names

default levels := ["baseline", "restricted"]

levels := input.parameters.levels if is_array(input.parameters.levels)

default exempt_namespaces := ["kube-system"]

exempt_namespaces := input.parameters.exemptNamespaces if is_array(input.parameters.exemptNamespaces)

violation contains {"msg": msg, "details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce"}} if {
	k8s.group_kind == "Namespace"
	level := object.get(k8s.labels, "pod-security.kubernetes.io/enforce", null)
	not level in levels
	not exempt
	msg := sprintf("%s enforces %s", [k8s.label, said(level)])
}

exempt if names.matches(k8s.metadata.name, exempt_namespaces)

said(level) := "no Pod Security level" if {
	level in {null, ""}
} else := sprintf("Pod Security level %v, which is none of those that are allowed", [level])
