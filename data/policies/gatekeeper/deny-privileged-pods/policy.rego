# METADATA
# title: Deny privileged containers
# description: No container may run with `securityContext.privileged`.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, Privileged Containers
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
# custom:
#   id: deny-privileged-pods
#   kind: JadeDenyPrivilegedPods
#   severity: critical
#   severity_reason: Root in a privileged container is root on the node, without any further exploit.
#   reliability: high
#   tags: [pss:baseline, cis:5.2.2, nsa:pod-security, mitre:T1611, container]
#   features: [securityContext.privileged=true]
#   kinds: [workloads]
#   rationale: >-
#     A privileged container holds every capability, sees every device of the node and is not confined by seccomp,
#     AppArmor or SELinux. Mounting the node's disk from it is one command. What asks for `privileged` mostly needs one
#     capability or one device; only node agents (CNI, CSI, device plugins) cannot do without it, and those belong in a
#     namespace of their own.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run privileged, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/privileged"
#       operation: set
#       value: false
#       behaviour_changing: true
#       needs_human: true
#       note: Which capability or device the process uses is known only to its owner; grant that one instead.
package deny_privileged_pods

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := container.security_context.privileged
	k8s.set(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s runs privileged: securityContext.privileged is %v",
		[container.label, value],
	)
	path := concat("/", [container.pointer, "securityContext/privileged"])
}
