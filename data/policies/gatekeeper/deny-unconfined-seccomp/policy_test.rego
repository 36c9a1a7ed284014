package deny_unconfined_seccomp_test

import data.deny_unconfined_seccomp
import data.lib.testing

profile(type) := {"securityContext": {"seccompProfile": {"type": type}}}

annotated(parameters, image, annotations) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "cart", "namespace": "shop", "annotations": annotations},
		"spec": {"containers": [{"name": "cart", "image": image}]},
	}},
}

of_pod(value) := {"seccomp.security.alpha.kubernetes.io/pod": value, "note": "unconfined"}

of_cart(value) := {"container.seccomp.security.alpha.kubernetes.io/cart": value}

test_denied_in_a_container if {
	found := deny_unconfined_seccomp.violation with input as testing.container(profile("Unconfined"))
	testing.paths(found) == {"/spec/containers/0/securityContext/seccompProfile"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" turns seccomp off: seccompProfile.type is Unconfined`}
}

test_denied_in_the_pod if {
	found := deny_unconfined_seccomp.violation with input as testing.deployment(profile("Unconfined"))
	testing.paths(found) == {"/spec/template/spec/securityContext/seccompProfile"}
	testing.messages(found) == {`Deployment "shop/cart" turns seccomp off: seccompProfile.type is Unconfined`}
}

test_denied_in_every_list if {
	off := profile("Unconfined")
	spec := {"containers": [off], "initContainers": [off], "ephemeralContainers": [off]}
	count(deny_unconfined_seccomp.violation) == 3 with input as testing.deployment(spec)
}

test_denied_by_annotations if {
	annotations := object.union(of_pod("unconfined"), of_cart("unconfined"))
	found := deny_unconfined_seccomp.violation with input as annotated({}, "cart:1", annotations)
	testing.paths(found) == {
		"/metadata/annotations/seccomp.security.alpha.kubernetes.io~1pod",
		"/metadata/annotations/container.seccomp.security.alpha.kubernetes.io~1cart",
	}
	testing.messages(found) == {
		`Pod "shop/cart" turns seccomp off by an annotation: unconfined`,
		`Container "cart" of Pod "shop/cart" turns seccomp off by an annotation: unconfined`,
	}
}

test_what_is_no_profile_is_not_trusted if {
	every type in ["runtimeDefault", ["RuntimeDefault"], 5, false] {
		count(deny_unconfined_seccomp.violation) == 1 with input as testing.container(profile(type))
		count(deny_unconfined_seccomp.violation) == 1 with input as testing.pod(profile(type))
		count(deny_unconfined_seccomp.violation) == 1 with input as annotated({}, "cart:1", of_pod(type))
		count(deny_unconfined_seccomp.violation) == 1 with input as annotated({}, "cart:1", of_cart(type))
	}
}

test_allowed if {
	every fields in [
		profile("RuntimeDefault"),
		profile("Localhost"),
		profile(null),
		profile(""),
		{"securityContext": {"seccompProfile": null}},
		{},
	] {
		count(deny_unconfined_seccomp.violation) == 0 with input as testing.container(fields)
		count(deny_unconfined_seccomp.violation) == 0 with input as testing.pod(fields)
	}
}

test_allowed_annotations if {
	every value in ["runtime/default", "docker/default", "localhost/cart.json", "", null] {
		count(deny_unconfined_seccomp.violation) == 0 with input as annotated({}, "cart:1", of_pod(value))
		count(deny_unconfined_seccomp.violation) == 0 with input as annotated({}, "cart:1", of_cart(value))
	}
}

test_exempt_image if {
	exempt := {"exemptImages": ["registry/*"]}
	fields := object.union(profile("Unconfined"), {"image": "registry/jit:1"})
	count(deny_unconfined_seccomp.violation) == 0 with input as testing.container_with(exempt, fields)
	count(deny_unconfined_seccomp.violation) == 1 with input as testing.container_with({"exemptImages": ["x"]}, fields)
	every annotations in [of_pod("unconfined"), of_cart("unconfined")] {
		count(deny_unconfined_seccomp.violation) == 0 with input as annotated(exempt, "registry/jit:1", annotations)
		count(deny_unconfined_seccomp.violation) == 1 with input as annotated(exempt, "cart:1", annotations)
	}
}

test_a_pod_is_exempt_when_all_its_images_are if {
	exempt := {"exemptImages": ["registry/*"]}
	jit := {"image": "registry/jit:1"}
	all := object.union(profile("Unconfined"), {"containers": [jit]})
	some_ := object.union(profile("Unconfined"), {"containers": [jit, {"image": "cart:1"}]})
	count(deny_unconfined_seccomp.violation) == 0 with input as testing.pod_with(exempt, all)
	count(deny_unconfined_seccomp.violation) == 1 with input as testing.pod_with(exempt, some_)
}
