# METADATA
# title: Deny deprecated API versions
# description: No object may use a version of its API that Kubernetes still serves but is going to remove.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
#     description: Deprecated API Migration Guide
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-policy/
#     description: Kubernetes Deprecation Policy
# custom:
#   id: deny-deprecated-apis
#   kind: JadeDenyDeprecatedApis
#   severity: low
#   severity_reason: Everything works until an upgrade that is some releases away.
#   reliability: high
#   tags: [nsa:upgrade, api-versions]
#   features: [apiVersion.deprecated=true]
#   kinds:
#     - admissionregistration.k8s.io/MutatingAdmissionPolicy
#     - admissionregistration.k8s.io/MutatingAdmissionPolicyBinding
#     - certificates.k8s.io/ClusterTrustBundle
#     - resource.k8s.io/DeviceClass
#     - resource.k8s.io/ResourceClaim
#     - resource.k8s.io/ResourceClaimTemplate
#   rationale: >-
#     A version that is deprecated has a successor already and a release in which it ends. Whoever writes a manifest anew
#     spares a migration by starting with the successor. Only kinds with a version that is on its way out are matched; what
#     is gone is the business of the policy against removed versions, which takes the release of the next upgrade.
#   parameters:
#     kubernetesVersion:
#       type: string
#       default: "1.37"
#       description: The release of Kubernetes that the clusters run, `1.37`.
#   remediation:
#     - path: "{resource}/apiVersion"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Fields may have moved or become required in the version that follows; the migration guide says which.
package deny_deprecated_apis

import data.lib.apis
import data.lib.kubernetes as k8s

default minor := 37

minor := apis.minor(input.parameters.kubernetesVersion)

violation contains {"msg": msg, "details": {"path": "/apiVersion"}} if {
	lifecycle := apis.lifecycle
	lifecycle.deprecated <= minor
	minor < lifecycle.removed
	msg := sprintf("%s is of version %s, which Kubernetes 1.%d will not serve", [k8s.label, k8s.resource.apiVersion, lifecycle.removed])
}
