package restrict_proc_mount_test

import data.lib.testing
import data.restrict_proc_mount

mount(type) := {"securityContext": {"procMount": type}}

test_denied if {
	found := restrict_proc_mount.violation with input as testing.container(mount("Unmasked"))
	testing.paths(found) == {"/spec/containers/0/securityContext/procMount"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" mounts /proc as Unmasked`}
}

test_denied_in_every_list if {
	spec := {
		"containers": [mount("Unmasked")],
		"initContainers": [mount("Unmasked")],
		"ephemeralContainers": [mount("Unmasked")],
	}
	count(restrict_proc_mount.violation) == 3 with input as testing.deployment(spec)
}

test_what_is_no_type_is_not_trusted if {
	every type in ["default", ["Default"], 5, true, {}] {
		count(restrict_proc_mount.violation) == 1 with input as testing.container(mount(type))
	}
}

test_allowed if {
	every fields in [mount("Default"), mount(null), mount(""), {"securityContext": null}, {}] {
		count(restrict_proc_mount.violation) == 0 with input as testing.container(fields)
	}
}

test_parameters if {
	parameters := {"allowedTypes": ["Unmasked"]}
	count(restrict_proc_mount.violation) == 0 with input as testing.container_with(parameters, mount("Unmasked"))
	count(restrict_proc_mount.violation) == 1 with input as testing.container_with(parameters, mount("Default"))
	count(restrict_proc_mount.violation) == 0 with input as testing.container_with(parameters, mount(null))
}

test_exempt_image if {
	fields := object.union(mount("Unmasked"), {"image": "registry/builder:1"})
	count(restrict_proc_mount.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(restrict_proc_mount.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}
