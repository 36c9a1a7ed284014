# METADATA
# title: Require a seccomp profile
# description: Every container must run under seccomp profile RuntimeDefault or Localhost, its own or its pod's.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted, Seccomp
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#     description: Restrict a container's syscalls with seccomp
# custom:
#   id: require-seccomp-profile
#   kind: JadeRequireSeccompProfile
#   severity: medium
#   severity_reason: It widens what an exploit may try on the kernel, and needs that exploit to matter.
#   reliability: high
#   tags: [pss:restricted, nsa:pod-security, mitre:T1611, container]
#   features: [seccompProfile.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     Kubernetes runs a container without any syscall filter unless a profile is named, although every runtime brings
#     one. RuntimeDefault takes away the calls that kernel exploits are made of (keyrings, bpf, userfaultfd, mounting)
#     and that ordinary programs never make.
#   parameters:
#     allowedProfiles:
#       type: array
#       items: {type: string, enum: [RuntimeDefault, Localhost]}
#       default: [RuntimeDefault, Localhost]
#       description: Types of profile that will do.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run unconfined, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{pod_spec}/securityContext/seccompProfile"
#       operation: set
#       value: {type: RuntimeDefault}
#       behaviour_changing: true
#       needs_human: false
#       note: Breaks only a process that makes unusual system calls, a profiler or a sandbox for instance.
#     - path: "{violation}"
#       operation: set
#       value: RuntimeDefault
#       behaviour_changing: true
#       needs_human: false
#       note: A container with a profile of its own overrides its pod and must be changed itself.
package require_seccomp_profile

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_profiles := ["RuntimeDefault", "Localhost"]

allowed_profiles := input.parameters.allowedProfiles if is_array(input.parameters.allowedProfiles)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

wanted := concat(" or ", allowed_profiles)

pod_type := object.get(k8s.pod_security_context, ["seccompProfile", "type"], null)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	not confined(object.get(container.security_context, ["seccompProfile", "type"], null))
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s has no seccomp profile of type %s",
		[container.label, wanted],
	)
	path := concat("/", [container.pointer, "securityContext/seccompProfile/type"])
}

# A pod that names a profile which is not allowed is refused even where all of its containers name another.
violation contains {"msg": msg, "details": {"path": path}} if {
	not k8s.windows
	pod_type != null
	not pod_type in allowed_profiles
	msg := sprintf(
		"%s has seccomp profile %v; allowed: %s",
		[k8s.label, pod_type, concat(", ", allowed_profiles)],
	)
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/seccompProfile/type"])
}

confined(type) if type in allowed_profiles

# The container says nothing, so the pod's profile holds.
confined(type) if {
	type == null
	pod_type in allowed_profiles
}
