package deny_root_user_test

import data.deny_root_user
import data.lib.testing

user(value) := {"securityContext": {"runAsUser": value}}

pod(pod_fields, container_fields) := testing.pod(object.union(pod_fields, {"containers": [container_fields]}))

container_pointer := "/spec/containers/0/securityContext/runAsUser"

pod_pointer := "/spec/securityContext/runAsUser"

test_denied if {
	found := deny_root_user.violation with input as testing.container(user(0))
	testing.paths(found) == {container_pointer}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" may run as root: securityContext.runAsUser is 0`}
}

test_denied_where_the_pod_says_root if {
	found := deny_root_user.violation with input as pod(user(0), user(1))
	testing.paths(found) == {pod_pointer}
	testing.messages(found) == {`Pod "shop/cart" lets its containers run as root: the pod's securityContext.runAsUser is 0`}
	both := deny_root_user.violation with input as pod(user(0), user(0))
	testing.paths(both) == {pod_pointer, container_pointer}
}

test_denied_in_every_list if {
	spec := {"containers": [user(1), user(0)], "initContainers": [user(0)], "ephemeralContainers": [user(0)]}
	found := deny_root_user.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/containers/1/securityContext/runAsUser",
		"/spec/template/spec/initContainers/0/securityContext/runAsUser",
		"/spec/template/spec/ephemeralContainers/0/securityContext/runAsUser",
	}
}

test_what_is_no_plain_user_is_not_trusted if {
	every value in ["0", "root", "1000", -1, false, [], {}] {
		own := deny_root_user.violation with input as testing.container(user(value))
		testing.paths(own) == {container_pointer}
		inherited := deny_root_user.violation with input as pod(user(value), {})
		testing.paths(inherited) == {pod_pointer}
	}
}

test_allowed if {
	every fields in [user(1), user(10001), user(null), {"securityContext": {}}, {"securityContext": null}, {}] {
		count(deny_root_user.violation) == 0 with input as testing.container(fields)
		count(deny_root_user.violation) == 0 with input as pod(fields, {})
	}
}

test_exempt_image if {
	fields := object.union(user(0), {"image": "registry/backup:1"})
	exempt := {"exemptImages": ["registry/*"]}
	count(deny_root_user.violation) == 0 with input as testing.container_with(exempt, fields)
	count(deny_root_user.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
	alone := object.union(user(0), {"containers": [fields]})
	count(deny_root_user.violation) == 0 with input as testing.pod_with(exempt, alone)
	beside := object.union(user(0), {"containers": [fields, {"image": "cart:1"}]})
	found := deny_root_user.violation with input as testing.pod_with(exempt, beside)
	testing.paths(found) == {pod_pointer}
	unlisted := {"exemptImages": {"a": "registry/*"}}
	count(deny_root_user.violation) == 1 with input as testing.container_with(unlisted, fields)
}
