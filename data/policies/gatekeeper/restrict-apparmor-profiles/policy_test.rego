package restrict_apparmor_profiles_test

import data.lib.testing
import data.restrict_apparmor_profiles

profile(type) := {"securityContext": {"appArmorProfile": {"type": type}}}

annotated(parameters, image, value) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {
			"name": "cart",
			"namespace": "shop",
			"annotations": {"container.apparmor.security.beta.kubernetes.io/cart": value, "note": "unconfined"},
		},
		"spec": {"containers": [{"name": "cart", "image": image}, {"name": "orders", "image": "orders:1"}]},
	}},
}

annotation_pointer := "/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1cart"

test_denied_in_a_container if {
	found := restrict_apparmor_profiles.violation with input as testing.container(profile("Unconfined"))
	testing.paths(found) == {"/spec/containers/0/securityContext/appArmorProfile"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" runs under the AppArmor profile Unconfined`}
}

test_denied_in_the_pod if {
	found := restrict_apparmor_profiles.violation with input as testing.deployment(profile("Unconfined"))
	testing.paths(found) == {"/spec/template/spec/securityContext/appArmorProfile"}
	testing.messages(found) == {`Deployment "shop/cart" runs under the AppArmor profile Unconfined`}
}

test_denied_in_every_list if {
	unconfined := profile("Unconfined")
	spec := {"containers": [unconfined], "initContainers": [unconfined], "ephemeralContainers": [unconfined]}
	count(restrict_apparmor_profiles.violation) == 3 with input as testing.deployment(spec)
}

test_denied_by_an_annotation if {
	found := restrict_apparmor_profiles.violation with input as annotated({}, "cart:1", "unconfined")
	testing.paths(found) == {annotation_pointer}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" runs under the AppArmor profile unconfined`}
}

test_what_is_no_profile_is_not_trusted if {
	every type in ["runtime/default2", "runtimeDefault", ["RuntimeDefault"], 5, {}] {
		count(restrict_apparmor_profiles.violation) == 1 with input as testing.container(profile(type))
		count(restrict_apparmor_profiles.violation) == 1 with input as testing.pod(profile(type))
		count(restrict_apparmor_profiles.violation) == 1 with input as annotated({}, "cart:1", type)
	}
}

test_allowed if {
	every fields in [
		profile("RuntimeDefault"),
		profile("Localhost"),
		profile(null),
		profile(""),
		{"securityContext": {"appArmorProfile": null}},
		{},
	] {
		count(restrict_apparmor_profiles.violation) == 0 with input as testing.container(fields)
		count(restrict_apparmor_profiles.violation) == 0 with input as testing.pod(fields)
	}
}

test_allowed_annotations if {
	every value in ["runtime/default", "localhost/cart", "", null] {
		count(restrict_apparmor_profiles.violation) == 0 with input as annotated({}, "cart:1", value)
	}
}

test_parameters if {
	parameters := {"allowedTypes": ["Unconfined"]}
	count(restrict_apparmor_profiles.violation) == 0 with input as testing.container_with(parameters, profile("Unconfined"))
	count(restrict_apparmor_profiles.violation) == 0 with input as annotated(parameters, "cart:1", "unconfined")
	every type in ["RuntimeDefault", "Localhost"] {
		count(restrict_apparmor_profiles.violation) == 1 with input as testing.pod_with(parameters, profile(type))
	}
	every value in ["runtime/default", "localhost/cart"] {
		count(restrict_apparmor_profiles.violation) == 1 with input as annotated(parameters, "cart:1", value)
	}
}

test_exempt_image if {
	exempt := {"exemptImages": ["registry/*"]}
	fields := object.union(profile("Unconfined"), {"image": "registry/cni:1"})
	count(restrict_apparmor_profiles.violation) == 0 with input as testing.container_with(exempt, fields)
	count(restrict_apparmor_profiles.violation) == 1 with input as testing.container_with({"exemptImages": ["x"]}, fields)
	count(restrict_apparmor_profiles.violation) == 0 with input as annotated(exempt, "registry/cart:1", "unconfined")
	count(restrict_apparmor_profiles.violation) == 1 with input as annotated(exempt, "cart:1", "unconfined")
}

test_a_pod_is_exempt_when_all_its_images_are if {
	exempt := {"exemptImages": ["registry/*"]}
	cni := {"image": "registry/cni:1"}
	all := object.union(profile("Unconfined"), {"containers": [cni]})
	some_ := object.union(profile("Unconfined"), {"containers": [cni, {"image": "cart:1"}]})
	count(restrict_apparmor_profiles.violation) == 0 with input as testing.pod_with(exempt, all)
	count(restrict_apparmor_profiles.violation) == 1 with input as testing.pod_with(exempt, some_)
}
