# METADATA
# title: Deny removed API versions
# description: No object may use a version of its API that Kubernetes does not serve any more.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
#     description: Deprecated API Migration Guide
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-policy/
#     description: Kubernetes Deprecation Policy
# custom:
#   id: deny-removed-apis
#   kind: JadeDenyRemovedApis
#   severity: high
#   severity_reason: The object can be neither created nor changed after the upgrade, and an application misses a part.
#   reliability: high
#   tags: [nsa:upgrade, api-versions]
#   features: [apiVersion.removed=true]
#   kinds:
#     - admissionregistration.k8s.io/MutatingWebhookConfiguration
#     - admissionregistration.k8s.io/ValidatingAdmissionPolicy
#     - admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding
#     - admissionregistration.k8s.io/ValidatingWebhookConfiguration
#     - apiextensions.k8s.io/CustomResourceDefinition
#     - apiregistration.k8s.io/APIService
#     - apps/DaemonSet
#     - apps/Deployment
#     - apps/ReplicaSet
#     - apps/StatefulSet
#     - autoscaling/HorizontalPodAutoscaler
#     - batch/CronJob
#     - extensions/DaemonSet
#     - extensions/Deployment
#     - extensions/Ingress
#     - extensions/NetworkPolicy
#     - extensions/PodSecurityPolicy
#     - extensions/ReplicaSet
#     - flowcontrol.apiserver.k8s.io/FlowSchema
#     - flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration
#     - networking.k8s.io/Ingress
#     - networking.k8s.io/IngressClass
#     - networking.k8s.io/ServiceCIDR
#     - node.k8s.io/RuntimeClass
#     - policy/PodDisruptionBudget
#     - policy/PodSecurityPolicy
#     - rbac.authorization.k8s.io/ClusterRole
#     - rbac.authorization.k8s.io/ClusterRoleBinding
#     - rbac.authorization.k8s.io/Role
#     - rbac.authorization.k8s.io/RoleBinding
#     - scheduling.k8s.io/PriorityClass
#     - storage.k8s.io/CSIDriver
#     - storage.k8s.io/StorageClass
#     - storage.k8s.io/VolumeAttributesClass
#   rationale: >-
#     The API server answers a version that was removed with "no matches for kind": a deployment fails in the middle, at
#     the first release after the upgrade, which may be the urgent one. What runs keeps running, so nobody notices before.
#     Kinds that only controllers write are left out: their code decides the version. Set the parameter to the release
#     that clusters will have next, and manifests are ready before they must be.
#   parameters:
#     kubernetesVersion:
#       type: string
#       default: "1.37"
#       description: The release of Kubernetes that the manifests must work with, `1.34`; better the next one than the present.
#   remediation:
#     - path: "{resource}/apiVersion"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Fields may have moved or become required in the version that follows; `kubectl convert` and the migration guide say which.
package deny_removed_apis

import data.lib.apis
import data.lib.kubernetes as k8s

default minor := 37

minor := apis.minor(input.parameters.kubernetesVersion)

violation contains {"msg": msg, "details": {"path": "/apiVersion"}} if {
	removed := apis.lifecycle.removed
	removed <= minor
	msg := sprintf("%s is of version %s, which Kubernetes 1.%d and later do not serve", [k8s.label, k8s.resource.apiVersion, removed])
}
