# METADATA
# title: Require Linux hardening
# description: Every container must run under AppArmor, seccomp or SELinux, or give up capabilities.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/
#     description: Linux kernel security constraints for Pods and containers
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
# custom:
#   id: require-linux-hardening
#   kind: JadeRequireLinuxHardening
#   severity: medium
#   severity_reason: None of them is a hole by itself; together their absence leaves the whole kernel to an intruder.
#   reliability: medium
#   tags: [cis:5.6.3, nsa:pod-security, mitre:T1611, container]
#   features: [linuxHardening.missing=true]
#   kinds: [workloads]
#   rationale: >-
#     Linux has four ways to take rights from a process that got into the wrong hands: AppArmor and SELinux limit what
#     it may touch, seccomp what it may ask of the kernel, and dropped capabilities what root may do. A container whose
#     manifest names none was not looked at. This is the least that can be asked; the policies for each ask for more.
#     What the node sets by itself (`seccompDefault`, a profile of the runtime) is not seen, hence the reliability.
#   parameters:
#     measures:
#       type: array
#       items: {type: string, enum: [appArmor, capabilities, seccomp, seLinux]}
#       default: [appArmor, capabilities, seccomp, seLinux]
#       description: The measures that count; one of them will do.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that this policy leaves alone, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/seccompProfile"
#       operation: set
#       value: {type: RuntimeDefault}
#       behaviour_changing: true
#       needs_human: false
#       note: Breaks only a process that makes unusual system calls, a profiler or a sandbox for instance.
package require_linux_hardening

import data.lib.images
import data.lib.kubernetes as k8s

default measures := ["appArmor", "capabilities", "seccomp", "seLinux"]

measures := input.parameters.measures if is_array(input.parameters.measures)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# Windows knows none of these.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	not hardened(container)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s names none of %s", [container.label, concat(", ", measures)])
	path := concat("/", [container.pointer, "securityContext"])
}

hardened(container) if {
	dropped := container.security_context.capabilities.drop
	is_array(dropped)
	some capability in dropped
	is_string(capability)
	capability != ""
	"capabilities" in measures
}

hardened(container) if {
	"seccomp" in measures
	profile_type(container, "seccompProfile") in {"RuntimeDefault", "Localhost"}
}

hardened(container) if {
	profile_type(container, "appArmorProfile") in {"RuntimeDefault", "Localhost"}
	"appArmor" in measures
}

hardened(container) if {
	container.spec.name in annotated
	"appArmor" in measures
}

hardened(container) if {
	some context in [container.security_context, k8s.pod_security_context]
	some field, option in context.seLinuxOptions
	field in {"level", "role", "type", "user"}
	is_string(option)
	option != ""
	"seLinux" in measures
}

# The containers whose AppArmor profile an annotation says, as before Kubernetes 1.30.
annotated contains name if {
	some annotation, profile in k8s.pod_annotations
	startswith(annotation, "container.apparmor.security.beta.kubernetes.io/")
	is_string(profile)
	regex.match(`^(runtime/default$|localhost/)`, profile)
	name := trim_prefix(annotation, "container.apparmor.security.beta.kubernetes.io/")
}

# What the container says comes before what its pod says.
profile_type(container, field) := type if {
	type := container.security_context[field].type
	type != null
} else := k8s.pod_security_context[field].type
