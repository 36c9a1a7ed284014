# METADATA
# title: Require a security context for pods
# description: Every pod must have a `securityContext` that says something, and each field of it that is required.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
# custom:
#   id: require-pod-security-context
#   kind: JadeRequirePodSecurityContext
#   severity: low
#   severity_reason: It says that nobody thought about it; what that leaves open is for the policies of the single fields.
#   reliability: high
#   tags: [cis:5.6.3, nsa:pod-security, pod]
#   features: [pod.securityContext.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     What the pod's security context says holds for every container, also for one that an injector or a debugging
#     session adds later. User, group, seccomp profile and the owner of volumes belong there, said once. Without it
#     each of them is left to the image and to the defaults, and those are the permissive ones.
#   parameters:
#     requiredFields:
#       type: array
#       items: {type: string}
#       default: []
#       description: Fields that the pod must set, `runAsNonRoot` or `seccompProfile` for instance; with none, any field will do.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images whose pods need no security context, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{pod_spec}/securityContext/runAsNonRoot"
#       operation: set
#       value: true
#       behaviour_changing: true
#       needs_human: true
#       note: Whether its images run as a plain user is known only to the owner of the pod.
#     - path: "{pod_spec}/securityContext/seccompProfile"
#       operation: set
#       value: {type: RuntimeDefault}
#       behaviour_changing: true
#       needs_human: false
#       note: Any field makes the violation go away; this one hardly ever breaks a process.
package require_pod_security_context

import data.lib.images
import data.lib.kubernetes as k8s

default required_fields := []

required_fields := [field | some field in input.parameters.requiredFields; is_string(field)] if {
	is_array(input.parameters.requiredFields)
}

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# A field that is null says as little as none.
said := {field | some field, value in k8s.pod_security_context; value != null}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	count(said) == 0
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s has no securityContext for its pods", [k8s.label])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	count(said) > 0
	some field in required_fields
	not field in said
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s does not set %v in the securityContext of its pods", [k8s.label, field])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext", k8s.pointer_token(field)])
}
