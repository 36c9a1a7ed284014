package restrict_selinux_options_test

import data.lib.testing
import data.restrict_selinux_options

options(fields) := {"securityContext": {"seLinuxOptions": fields}}

of_container := "/spec/containers/0/securityContext/seLinuxOptions/"

test_denied_in_a_container if {
	fields := options({"type": "spc_t", "user": "system_u", "role": "system_r", "level": "s0:c1,c2"})
	found := restrict_selinux_options.violation with input as testing.container(fields)
	testing.paths(found) == {concat("", [of_container, field]) | some field in ["type", "user", "role"]}
	`Container "cart" of Pod "shop/cart" sets the SELinux type spc_t` in testing.messages(found)
}

test_denied_in_the_pod if {
	found := restrict_selinux_options.violation with input as testing.deployment(options({"type": "spc_t", "role": "x"}))
	testing.paths(found) == {
		"/spec/template/spec/securityContext/seLinuxOptions/type",
		"/spec/template/spec/securityContext/seLinuxOptions/role",
	}
	`Deployment "shop/cart" sets the SELinux type spc_t` in testing.messages(found)
}

test_denied_in_every_list if {
	spc := options({"type": "spc_t"})
	spec := {"containers": [spc], "initContainers": [spc], "ephemeralContainers": [spc]}
	count(restrict_selinux_options.violation) == 3 with input as testing.deployment(spec)
}

test_an_allowed_type_is_no_user if {
	fields := options({"user": "container_t", "role": "container_t"})
	count(restrict_selinux_options.violation) == 2 with input as testing.container(fields)
}

test_what_is_no_name_is_not_trusted if {
	every value in [["container_t"], 5, false, {}] {
		count(restrict_selinux_options.violation) == 1 with input as testing.container(options({"type": value}))
		count(restrict_selinux_options.violation) == 1 with input as testing.pod(options({"user": value}))
	}
}

test_every_default_is_allowed if {
	every type in ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"] {
		count(restrict_selinux_options.violation) == 0 with input as testing.container(options({"type": type}))
		count(restrict_selinux_options.violation) == 0 with input as testing.pod(options({"type": type}))
	}
}

test_allowed if {
	every fields in [
		options({"level": "s0:c1,c2"}),
		options({"type": null, "user": "", "role": null}),
		options(null),
		options("spc_t"),
		{"securityContext": null},
		{},
	] {
		count(restrict_selinux_options.violation) == 0 with input as testing.container(fields)
		count(restrict_selinux_options.violation) == 0 with input as testing.pod(fields)
	}
}

test_parameters if {
	parameters := {"allowedTypes": ["spc_t"]}
	spc := options({"type": "spc_t"})
	container_t := options({"type": "container_t"})
	count(restrict_selinux_options.violation) == 0 with input as testing.container_with(parameters, spc)
	count(restrict_selinux_options.violation) == 1 with input as testing.container_with(parameters, container_t)
}

test_exempt_image if {
	exempt := {"exemptImages": ["registry/*"]}
	fields := object.union(options({"type": "spc_t"}), {"image": "registry/cni:1"})
	count(restrict_selinux_options.violation) == 0 with input as testing.container_with(exempt, fields)
	count(restrict_selinux_options.violation) == 1 with input as testing.container_with({"exemptImages": ["x"]}, fields)
}

test_a_pod_is_exempt_when_all_its_images_are if {
	exempt := {"exemptImages": ["registry/*"]}
	cni := {"image": "registry/cni:1"}
	all := object.union(options({"type": "spc_t"}), {"containers": [cni]})
	some_ := object.union(options({"type": "spc_t"}), {"containers": [cni, {"image": "cart:1"}]})
	count(restrict_selinux_options.violation) == 0 with input as testing.pod_with(exempt, all)
	count(restrict_selinux_options.violation) == 1 with input as testing.pod_with(exempt, some_)
}
