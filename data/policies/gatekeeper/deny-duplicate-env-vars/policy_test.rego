package deny_duplicate_env_vars_test

import data.deny_duplicate_env_vars
import data.lib.testing

env(names) := {"env": [{"name": name, "value": "x"} | some name in names]}

test_denied if {
	found := deny_duplicate_env_vars.violation with input as testing.container(env(["LEVEL", "HOST", "LEVEL"]))
	testing.paths(found) == {"/spec/containers/0/env/0"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" sets LEVEL more than once: only the last value holds`}
}

test_each_entry_without_effect_is_named if {
	found := deny_duplicate_env_vars.violation with input as testing.container(env(["A", "B", "A", "B", "A"]))
	testing.paths(found) == {
		"/spec/containers/0/env/0",
		"/spec/containers/0/env/1",
		"/spec/containers/0/env/2",
	}
}

test_the_source_of_a_value_does_not_matter if {
	variables := [{"name": "KEY", "value": null}, {"name": "KEY", "valueFrom": {"secretKeyRef": {}}}]
	count(deny_duplicate_env_vars.violation) == 1 with input as testing.container({"env": variables})
}

test_denied_in_every_list if {
	twice := env(["A", "A"])
	spec := {"containers": [{}, twice], "initContainers": [twice], "ephemeralContainers": [twice]}
	found := deny_duplicate_env_vars.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/containers/1/env/0",
		"/spec/template/spec/initContainers/0/env/0",
		"/spec/template/spec/ephemeralContainers/0/env/0",
	}
}

test_allowed if {
	every fields in [
		{},
		env([]),
		env(["A"]),
		env(["A", "B", "a"]),
		env(["", "", null, null, 5, 5]),
		{"env": null},
		{"env": "A"},
		{"env": [null, null, {}, {}]},
	] {
		count(deny_duplicate_env_vars.violation) == 0 with input as testing.container(fields)
	}
}

test_containers_do_not_share_their_variables if {
	spec := {"containers": [env(["A"]), env(["A"])]}
	count(deny_duplicate_env_vars.violation) == 0 with input as testing.pod(spec)
}

test_exempt_image if {
	fields := object.union(env(["A", "A"]), {"image": "registry/cart:1"})
	count(deny_duplicate_env_vars.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(deny_duplicate_env_vars.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"exemptImages": null}, {"exemptImages": {"a": "cart"}}] {
		count(deny_duplicate_env_vars.violation) == 1 with input as testing.container_with(parameters, object.union(env(["A", "A"]), {"image": "cart"}))
	}
}
