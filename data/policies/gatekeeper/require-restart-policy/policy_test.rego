package require_restart_policy_test

import data.lib.testing
import data.require_restart_policy

restarts(value) := {"restartPolicy": value, "containers": []}

test_denied_where_nothing_is_stated if {
	every spec in [{}, {"containers": [{"restartPolicy": "Always"}]}, restarts(null), restarts("")] {
		found := require_restart_policy.violation with input as testing.pod(spec)
		testing.paths(found) == {"/spec/restartPolicy"}
		testing.messages(found) == {`Pod "shop/cart" does not state its restartPolicy: state one of ["Always", "OnFailure"]`}
	}
}

test_denied_where_nothing_is_restarted if {
	found := require_restart_policy.violation with input as testing.deployment(restarts("Never"))
	testing.paths(found) == {"/spec/template/spec/restartPolicy"}
	testing.messages(found) == {`Deployment "shop/cart" has restartPolicy Never: state one of ["Always", "OnFailure"]`}
}

test_denied_with_what_is_no_policy if {
	every value in ["always", ["Always"], true, 5, {}] {
		count(require_restart_policy.violation) == 1 with input as testing.pod(restarts(value))
	}
}

test_allowed if {
	every value in ["Always", "OnFailure"] {
		count(require_restart_policy.violation) == 0 with input as testing.pod(restarts(value))
	}
}

test_what_has_no_pods if {
	count(require_restart_policy.violation) == 0 with input as {"review": {"object": {"apiVersion": "v1", "kind": "Service"}}}
}

test_allowed_parameter if {
	parameters := {"allowed": ["Never"]}
	count(require_restart_policy.violation) == 0 with input as testing.pod_with(parameters, restarts("Never"))
	count(require_restart_policy.violation) == 1 with input as testing.pod_with(parameters, restarts("Always"))
	count(require_restart_policy.violation) == 1 with input as testing.pod_with({"allowed": [5, null]}, restarts("Always"))
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	count(require_restart_policy.violation) == 1 with input as testing.pod_with({"allowed": {"a": "Never"}}, restarts("Never"))
	count(require_restart_policy.violation) == 0 with input as testing.pod_with({"allowed": null}, restarts("Always"))
}
