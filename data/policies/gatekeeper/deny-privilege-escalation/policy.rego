# METADATA
# title: Deny privilege escalation
# description: Every container must set `securityContext.allowPrivilegeEscalation` to false.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
#     description: Pod Security Standards, restricted, Privilege Escalation
#   - ref: https://docs.kernel.org/userspace-api/no_new_privs.html
#     description: The kernel's no_new_privs flag, which this field sets
# custom:
#   id: deny-privilege-escalation
#   kind: JadeDenyPrivilegeEscalation
#   severity: medium
#   severity_reason: It takes a setuid program or file capabilities in the image to make use of it.
#   reliability: high
#   tags: [pss:restricted, cis:5.2.6, nsa:pod-security, mitre:T1548, container]
#   features: [securityContext.allowPrivilegeEscalation=true]
#   kinds: [workloads]
#   rationale: >-
#     Kubernetes allows privilege escalation unless a container forbids it, so leaving the field out permits it. A
#     process that runs as a plain user can then become root through any setuid program in its image (`su`, `sudo`,
#     `ping` in old images). With the field at false the kernel refuses to grant more than the parent process has.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may escalate, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/allowPrivilegeEscalation"
#       operation: set
#       value: false
#       behaviour_changing: true
#       needs_human: false
#       note: Breaks what calls a setuid program; the API server refuses it beside `privileged` or SYS_ADMIN.
package deny_privilege_escalation

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	object.get(container.security_context, "allowPrivilegeEscalation", null) != false
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s may escalate its privileges: set securityContext.allowPrivilegeEscalation to false",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/allowPrivilegeEscalation"])
}
