package require_seccomp_profile_test

import data.lib.testing
import data.require_seccomp_profile

profile(type) := {"securityContext": {"seccompProfile": {"type": type}}}

pod(pod_fields, container_fields) := testing.pod(object.union(pod_fields, {"containers": [container_fields]}))

container_pointer := "/spec/containers/0/securityContext/seccompProfile/type"

pod_pointer := "/spec/securityContext/seccompProfile/type"

test_denied_where_nobody_says_it if {
	every input_ in [
		pod({}, {}),
		pod(profile(null), {}),
		pod({}, profile(null)),
		pod({"securityContext": {"seccompProfile": "RuntimeDefault"}}, {}),
		pod({}, {"securityContext": {"seccompProfile": []}}),
	] {
		found := require_seccomp_profile.violation with input as input_
		testing.paths(found) == {container_pointer}
	}
}

test_denied_where_the_container_is_unconfined if {
	found := require_seccomp_profile.violation with input as pod(profile("RuntimeDefault"), profile("Unconfined"))
	testing.paths(found) == {container_pointer}
}

test_denied_where_the_pod_is_unconfined if {
	found := require_seccomp_profile.violation with input as pod(profile("Unconfined"), profile("Localhost"))
	testing.messages(found) == {`Pod "shop/cart" has seccomp profile Unconfined; allowed: RuntimeDefault, Localhost`}
	inherited := require_seccomp_profile.violation with input as pod(profile("Unconfined"), {})
	testing.paths(inherited) == {pod_pointer, container_pointer}
}

test_denied_in_every_list if {
	spec := {"containers": [{}], "initContainers": [{}], "ephemeralContainers": [{}]}
	count(require_seccomp_profile.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every type in ["RuntimeDefault", "Localhost"] {
		count(require_seccomp_profile.violation) == 0 with input as pod(profile(type), {})
		count(require_seccomp_profile.violation) == 0 with input as pod({}, profile(type))
	}
}

test_windows_has_no_seccomp if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(require_seccomp_profile.violation) == 0 with input as testing.pod(spec)
	unconfined := object.union(spec, profile("Unconfined"))
	count(require_seccomp_profile.violation) == 0 with input as testing.pod(unconfined)
}

test_parameters if {
	parameters := {"allowedProfiles": ["RuntimeDefault"], "exemptImages": ["jit:1"]}
	count(require_seccomp_profile.violation) == 1 with input as testing.container_with(parameters, profile("Localhost"))
	count(require_seccomp_profile.violation) == 0 with input as testing.container_with(parameters, {"image": "jit:1"})
}
