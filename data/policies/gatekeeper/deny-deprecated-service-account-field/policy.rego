# METADATA
# title: Deny the deprecated service account field
# description: Pods must name their ServiceAccount by `serviceAccountName`, not by `serviceAccount` alone.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
#     description: Pod API reference, PodSpec
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
#     description: Configure Service Accounts for Pods
# custom:
#   id: deny-deprecated-service-account-field
#   kind: JadeDenyDeprecatedServiceAccountField
#   severity: low
#   severity_reason: The pod runs all the same; tools that know only the new field take its account for the default one.
#   reliability: high
#   tags: [nsa:authn-authz, service-account, deprecated]
#   features: [serviceAccount.deprecated=true]
#   kinds: [workloads]
#   rationale: >-
#     `serviceAccount` is the old name of `serviceAccountName`. The API server still reads it, but only where the new
#     field is empty: a manifest that sets both to different names does not do what its reader thinks. The API server
#     fills the old field with the value of the new one, so two equal values are let through.
#   remediation:
#     - path: "{pod_spec}/serviceAccountName"
#       operation: set
#       behaviour_changing: false
#       needs_human: true
#       note: The name that stands in serviceAccount; where both are set, the one that the owner means.
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: false
#       needs_human: false
#       note: Without a serviceAccountName beside it, the pods would then run as the default ServiceAccount.
package deny_deprecated_service_account_field

import data.lib.kubernetes as k8s

violation contains {"msg": msg, "details": {"path": path}} if {
	account := k8s.pod_spec.serviceAccount
	not account in {null, ""}
	account != object.get(k8s.pod_spec, "serviceAccountName", null)
	msg := sprintf("%s sets the deprecated field serviceAccount to %v; serviceAccountName must name it", [k8s.label, account])
	path := concat("/", [k8s.pod_spec_pointer, "serviceAccount"])
}
