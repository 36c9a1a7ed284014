package require_linux_hardening_test

import data.lib.testing
import data.require_linux_hardening

context(fields) := {"securityContext": fields}

pod(pod_context, container_context) := testing.pod({
	"securityContext": pod_context,
	"containers": [{"name": "cart", "securityContext": container_context}],
})

annotated(parameters, value) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/cart": value}},
		"spec": {"containers": [{"name": "cart"}]},
	}},
}

seccomp(type) := {"seccompProfile": {"type": type}}

app_armor(type) := {"appArmorProfile": {"type": type}}

test_denied if {
	found := require_linux_hardening.violation with input as testing.container({})
	testing.paths(found) == {"/spec/containers/0/securityContext"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" names none of appArmor, capabilities, seccomp, seLinux`}
}

test_what_hardens_nothing_is_denied if {
	every fields in [
		null,
		"hardened",
		{"allowPrivilegeEscalation": false},
		{"capabilities": {"drop": []}},
		{"capabilities": {"drop": null}},
		{"capabilities": {"drop": "ALL"}},
		{"capabilities": {"drop": [null, ""]}},
		{"capabilities": {"add": ["NET_ADMIN"]}},
		seccomp("Unconfined"),
		seccomp(null),
		app_armor("Unconfined"),
		app_armor(["RuntimeDefault"]),
		{"seLinuxOptions": {}},
		{"seLinuxOptions": {"label": "container_t"}},
		{"seLinuxOptions": {"type": "", "level": null, "user": 5}},
	] {
		count(require_linux_hardening.violation) == 1 with input as testing.container(context(fields))
	}
}

test_allowed_by_the_container if {
	every fields in [
		{"capabilities": {"drop": ["ALL"]}},
		{"capabilities": {"drop": ["NET_RAW"]}},
		seccomp("RuntimeDefault"),
		seccomp("Localhost"),
		app_armor("RuntimeDefault"),
		app_armor("Localhost"),
		{"seLinuxOptions": {"level": "s0:c1,c2"}},
		{"seLinuxOptions": {"type": "container_t"}},
		{"seLinuxOptions": {"role": "container_r"}},
		{"seLinuxOptions": {"user": "container_u"}},
	] {
		count(require_linux_hardening.violation) == 0 with input as testing.container(context(fields))
	}
}

test_allowed_by_the_pod if {
	every fields in [seccomp("RuntimeDefault"), app_armor("Localhost"), {"seLinuxOptions": {"level": "s0:c1,c2"}}] {
		count(require_linux_hardening.violation) == 0 with input as pod(fields, {})
		count(require_linux_hardening.violation) == 0 with input as pod(fields, {"seccompProfile": {"type": null}})
	}
}

test_a_pod_drops_no_capabilities if {
	count(require_linux_hardening.violation) == 1 with input as pod({"capabilities": {"drop": ["ALL"]}}, {})
}

test_what_the_container_says_comes_first if {
	count(require_linux_hardening.violation) == 1 with input as pod(seccomp("RuntimeDefault"), seccomp("Unconfined"))
	count(require_linux_hardening.violation) == 1 with input as pod(app_armor("Localhost"), app_armor("Unconfined"))
	count(require_linux_hardening.violation) == 0 with input as pod(seccomp("Unconfined"), seccomp("Localhost"))
}

test_annotations if {
	every value in ["runtime/default", "localhost/cart"] {
		count(require_linux_hardening.violation) == 0 with input as annotated({}, value)
		count(require_linux_hardening.violation) == 1 with input as annotated({"measures": ["seccomp"]}, value)
	}
	every value in ["unconfined", "runtime/defaults", "a localhost/cart", "", null, 5] {
		count(require_linux_hardening.violation) == 1 with input as annotated({}, value)
	}
}

test_denied_in_every_list if {
	spec := {"containers": [{}], "initContainers": [{}], "ephemeralContainers": [{}]}
	count(require_linux_hardening.violation) == 3 with input as testing.deployment(spec)
}

test_windows_knows_none_of_it if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(require_linux_hardening.violation) == 0 with input as testing.pod(spec)
}

test_parameters if {
	all := {
		"capabilities": {"drop": ["ALL"]},
		"seccompProfile": {"type": "RuntimeDefault"},
		"appArmorProfile": {"type": "RuntimeDefault"},
		"seLinuxOptions": {"type": "container_t"},
	}
	fields := {"capabilities": "capabilities", "seccomp": "seccompProfile", "appArmor": "appArmorProfile", "seLinux": "seLinuxOptions"}
	every measure, field in fields {
		parameters := {"measures": [measure]}
		only := context({field: all[field]})
		others := context(object.remove(all, [field]))
		count(require_linux_hardening.violation) == 0 with input as testing.container_with(parameters, only)
		found := require_linux_hardening.violation with input as testing.container_with(parameters, others)
		testing.messages(found) == {sprintf("Container \"cart\" of Pod \"shop/cart\" names none of %s", [measure])}
	}
}

test_exempt_image if {
	fields := {"image": "registry/cni:1"}
	count(require_linux_hardening.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(require_linux_hardening.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}
