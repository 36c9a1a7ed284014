# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_unsafe_sysctls

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
