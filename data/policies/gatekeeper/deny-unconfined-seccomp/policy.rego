# METADATA
# title: Deny unconfined seccomp
# description: No pod or container may turn its system call filter off with the seccomp profile Unconfined.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, Seccomp
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#     description: Restrict a container's syscalls with seccomp
# custom:
#   id: deny-unconfined-seccomp
#   kind: JadeDenyUnconfinedSeccomp
#   severity: medium
#   severity_reason: It widens what an exploit may try on the kernel, and needs that exploit to matter.
#   reliability: high
#   tags: [pss:baseline, nsa:pod-security, mitre:T1611, container]
#   features: [seccompProfile.type=Unconfined]
#   kinds: [workloads]
#   rationale: >-
#     Whoever writes `Unconfined` switches off the filter that a kubelet with `seccompDefault` or a profile of the pod
#     would bring, and with it the protection against the calls that kernel exploits are made of. A field that is left
#     out is another matter, which `require-seccomp-profile` judges. Kubernetes before 1.27 also read annotations.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run unconfined, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: A profiler or sandbox needs a profile of its own on the node; only its owner knows which calls it makes.
package deny_unconfined_seccomp

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

pod_annotation := "seccomp.security.alpha.kubernetes.io/pod"

container_annotation := "container.seccomp.security.alpha.kubernetes.io/"

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	type := container.security_context.seccompProfile.type
	unconfined(type)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s turns seccomp off: seccompProfile.type is %v", [container.label, type])
	path := concat("/", [container.pointer, "securityContext/seccompProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	type := k8s.pod_security_context.seccompProfile.type
	unconfined(type)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s turns seccomp off: seccompProfile.type is %v", [k8s.label, type])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/seccompProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	profile := k8s.pod_annotations[pod_annotation]
	unfiltered(profile)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s turns seccomp off by an annotation: %v", [k8s.label, profile])
	path := concat("/", [k8s.pod_template_pointer, "metadata/annotations", k8s.pointer_token(pod_annotation)])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, profile in k8s.pod_annotations
	startswith(key, container_annotation)
	unfiltered(profile)
	name := trim_prefix(key, container_annotation)
	not name in exempt_names
	msg := sprintf("Container %q of %s turns seccomp off by an annotation: %v", [name, k8s.label, profile])
	path := concat("/", [k8s.pod_template_pointer, "metadata/annotations", k8s.pointer_token(key)])
}

# Whatever is no known profile is taken for none.
unconfined(type) if not type in {null, "", "RuntimeDefault", "Localhost"}

unfiltered(profile) if {
	not profile in {null, "", "runtime/default", "docker/default"}
	not local(profile)
}

local(profile) if {
	is_string(profile)
	startswith(profile, "localhost/")
}

exempt_names contains container.spec.name if {
	some container in k8s.containers
	images.exempt(container, exempt_images)
}
