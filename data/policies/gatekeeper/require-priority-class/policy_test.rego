package require_priority_class_test

import data.lib.testing
import data.require_priority_class

class(name) := {"priorityClassName": name, "containers": []}

test_denied if {
	every spec in [{}, class(null), class(""), class(5), class(["shop-critical"])] {
		found := require_priority_class.violation with input as testing.pod(spec)
		testing.paths(found) == {"/spec/priorityClassName"}
		testing.messages(found) == {`Pod "shop/cart" names no priority class`}
	}
}

test_the_priority_alone_is_no_class if {
	found := require_priority_class.violation with input as testing.deployment({"priority": 1000})
	testing.paths(found) == {"/spec/template/spec/priorityClassName"}
}

test_allowed if {
	count(require_priority_class.violation) == 0 with input as testing.deployment(class("shop-critical"))
}

test_what_has_no_pods if {
	count(require_priority_class.violation) == 0 with input as {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
}

test_allowed_parameter if {
	parameters := {"allowed": ["shop-critical", "shop-batch"]}
	count(require_priority_class.violation) == 0 with input as testing.pod_with(parameters, class("shop-batch"))
	count(require_priority_class.violation) == 1 with input as testing.pod_with({"allowed": ["shop-batch"]}, class("other"))
	found := require_priority_class.violation with input as testing.pod_with(parameters, class("other"))
	testing.messages(found) == {`Pod "shop/cart" names priority class other, which is none of ["shop-critical", "shop-batch"]`}
	unnamed := require_priority_class.violation with input as testing.pod_with(parameters, {})
	testing.messages(unnamed) == {`Pod "shop/cart" names no priority class`}
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	count(require_priority_class.violation) == 0 with input as testing.pod_with({"allowed": {"a": "shop-critical"}}, class("other"))
}
