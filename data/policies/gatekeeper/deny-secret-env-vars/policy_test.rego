package deny_secret_env_vars_test

import data.deny_secret_env_vars
import data.lib.testing

variable(reference) := {"env": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": reference}}]}

source(reference) := {"envFrom": [{"secretRef": reference}]}

in_env := "/spec/containers/0/env/0/valueFrom/secretKeyRef"

in_env_from := "/spec/containers/0/envFrom/0/secretRef"

test_denied if {
	every reference in [{"name": "cart", "key": "token"}, {}, {"name": null}, {"name": ["cart"]}, "cart", false] {
		of_variable := deny_secret_env_vars.violation with input as testing.container(variable(reference))
		testing.paths(of_variable) == {in_env}
		of_source := deny_secret_env_vars.violation with input as testing.container(source(reference))
		testing.paths(of_source) == {in_env_from}
	}
}

test_message if {
	found := deny_secret_env_vars.violation with input as testing.container(source({"name": "cart"}))
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" has Secret "cart" in its environment`}
}

test_message_where_no_secret_is_named if {
	every reference in [{}, {"name": ["cart"]}, "cart"] {
		found := deny_secret_env_vars.violation with input as testing.container(source(reference))
		testing.messages(found) == {`Container "cart" of Pod "shop/cart" has Secret "" in its environment`}
	}
}

test_each_reference_and_each_list_of_containers if {
	spec := {
		"containers": [object.union(variable({"name": "a"}), source({"name": "b"}))],
		"initContainers": [variable({"name": "a"})],
		"ephemeralContainers": [source({"name": "b"})],
	}
	found := deny_secret_env_vars.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef",
		"/spec/template/spec/containers/0/envFrom/0/secretRef",
		"/spec/template/spec/initContainers/0/env/0/valueFrom/secretKeyRef",
		"/spec/template/spec/ephemeralContainers/0/envFrom/0/secretRef",
	}
}

test_allowed if {
	every fields in [
		{},
		{"env": null, "envFrom": null},
		{"env": {"a": {"valueFrom": {"secretKeyRef": {}}}}, "envFrom": {"a": {"secretRef": {}}}},
		variable(null),
		source(null),
		{"env": [null, "x", {"name": "A", "value": "b"}, {"valueFrom": {"configMapKeyRef": {"name": "cart"}}}]},
		{"envFrom": [null, "x", {"configMapRef": {"name": "cart"}}]},
	] {
		count(deny_secret_env_vars.violation) == 0 with input as testing.container(fields)
	}
}

test_exempt_secrets if {
	parameters := {"exemptSecrets": ["cart", "public-*"]}
	every name in ["cart", "public-key"] {
		count(deny_secret_env_vars.violation) == 0 with input as testing.container_with(parameters, source({"name": name}))
	}
	every reference in [{"name": "orders"}, {}] {
		count(deny_secret_env_vars.violation) == 1 with input as testing.container_with(parameters, source(reference))
	}
}

test_exempt_images if {
	fields := object.union(variable({"name": "cart"}), {"image": "registry/cart:1"})
	count(deny_secret_env_vars.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(deny_secret_env_vars.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	fields := object.union(variable({"name": "cart"}), {"image": "cart"})
	every parameters in [{"exemptImages": {"a": "cart"}}, {"exemptSecrets": {"a": "cart"}}, {"exemptImages": null}] {
		count(deny_secret_env_vars.violation) == 1 with input as testing.container_with(parameters, fields)
	}
}
