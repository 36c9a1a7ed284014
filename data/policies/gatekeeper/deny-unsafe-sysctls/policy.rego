# METADATA
# title: Deny unsafe sysctls
# description: A pod may set only the kernel parameters that are namespaced and harmless to its neighbours.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, Sysctls
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
#     description: Using sysctls in a Kubernetes cluster
# custom:
#   id: deny-unsafe-sysctls
#   kind: JadeDenyUnsafeSysctls
#   severity: medium
#   severity_reason: It can starve or weaken the other pods of the node; the kubelet refuses most unsafe ones by itself.
#   reliability: high
#   tags: [pss:baseline, nsa:pod-security, mitre:T1499, host]
#   features: [sysctl.unsafe=true]
#   kinds: [workloads]
#   rationale: >-
#     Many kernel parameters are not namespaced: a pod that sets one sets it for the whole node. Others are namespaced
#     and still let one pod take memory from all. The list of the Pod Security Standards holds those that are neither.
#   parameters:
#     allowedSysctls:
#       type: array
#       items: {type: string}
#       default:
#         - kernel.shm_rmid_forced
#         - net.ipv4.ip_local_port_range
#         - net.ipv4.ip_local_reserved_ports
#         - net.ipv4.ip_unprivileged_port_start
#         - net.ipv4.ping_group_range
#         - net.ipv4.tcp_fin_timeout
#         - net.ipv4.tcp_keepalive_intvl
#         - net.ipv4.tcp_keepalive_probes
#         - net.ipv4.tcp_keepalive_time
#         - net.ipv4.tcp_syncookies
#       description: Every sysctl that may be set, in full; a list of your own takes the place of the default.
#   remediation:
#     - path: "{violation}"
#       operation: remove-item
#       behaviour_changing: true
#       needs_human: true
#       note: Only the owner knows whether the program needs the setting; then set it on the node for all.
package deny_unsafe_sysctls

import data.lib.kubernetes as k8s

default allowed_sysctls := [
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_syncookies",
]

allowed_sysctls := input.parameters.allowedSysctls if is_array(input.parameters.allowedSysctls)

violation contains {"msg": msg, "details": {"path": path}} if {
	is_array(k8s.pod_security_context.sysctls)
	some index, sysctl in k8s.pod_security_context.sysctls
	is_object(sysctl)
	name := object.get(sysctl, "name", "(unnamed)")
	not name in allowed_sysctls
	msg := sprintf("%s sets the unsafe sysctl %v", [k8s.label, name])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/sysctls", format_int(index, 10)])
}
