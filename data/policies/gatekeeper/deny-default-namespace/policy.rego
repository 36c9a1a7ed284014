# METADATA
# title: Deny the default namespace
# description: Nothing may be created in the namespace `default`, or leave open in which namespace it is created.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
#     description: Namespaces
# custom:
#   id: deny-default-namespace
#   kind: JadeDenyDefaultNamespace
#   severity: low
#   severity_reason: Nothing is exposed by it; rules that are made for a namespace do not reach it, or reach too much.
#   reliability: medium
#   tags: [cis:5.6.4, nsa:pod-security, namespace]
#   features: [metadata.namespace=default]
#   kinds:
#     - workloads
#     - ConfigMap
#     - PersistentVolumeClaim
#     - Secret
#     - Service
#     - ServiceAccount
#     - autoscaling/HorizontalPodAutoscaler
#     - extensions/Ingress
#     - networking.k8s.io/Ingress
#     - networking.k8s.io/NetworkPolicy
#     - policy/PodDisruptionBudget
#     - rbac.authorization.k8s.io/Role
#     - rbac.authorization.k8s.io/RoleBinding
#   rationale: >-
#     Whatever names no namespace ends up in `default`, so that it gathers what belongs to nobody in particular. Quotas,
#     network policies, roles and security levels are set for a namespace, and none of them fits all that is there. A
#     manifest that leaves its namespace open may be applied to another one on purpose, hence the reliability.
#   parameters:
#     allowUnstated:
#       type: boolean
#       default: false
#       description: Whether a manifest may leave its namespace open, for instance where a pipeline fills it in.
#     exemptObjects:
#       type: array
#       items: {type: string}
#       default: [ConfigMap/kube-root-ca.crt, Service/kubernetes, ServiceAccount/default]
#       description: >-
#         What may be there, as `name` or `Kind/name`; `*` at the end stands for any rest. By default what Kubernetes
#         itself puts there.
#   remediation:
#     - path: "{resource}/metadata/namespace"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which namespace it belongs to is known only to its owner; what refers to it by name must move along.
package deny_default_namespace

import data.lib.kubernetes as k8s
import data.lib.names

default allow_unstated := false

allow_unstated := input.parameters.allowUnstated if is_boolean(input.parameters.allowUnstated)

default exempt_objects := ["ConfigMap/kube-root-ca.crt", "Service/kubernetes", "ServiceAccount/default"]

exempt_objects := input.parameters.exemptObjects if is_array(input.parameters.exemptObjects)

problem := "belongs in a namespace of its own, not in default" if k8s.namespace == "default"

problem := "names no namespace and would be created in default" if {
	not k8s.namespace
	not allow_unstated
}

violation contains {"msg": msg, "details": {"path": "/metadata/namespace"}} if {
	said := problem
	not names.matches_resource(exempt_objects)
	msg := sprintf("%s %s", [k8s.label, said])
}
