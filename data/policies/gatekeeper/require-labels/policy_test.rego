package require_labels_test

import data.lib.testing
import data.require_labels

asked(parameters, metadata) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}},
}

violations(parameters, labels) := found if {
	found := require_labels.violation with input as asked(parameters, {"name": "cart", "namespace": "shop", "labels": labels})
}

test_denied if {
	every labels in [null, {}, "checkout", ["checkout"], {"owner": ""}, {"owner": " "}, {"owner": null}, {"owner": 5}, {"xowner": "checkout"}] {
		testing.paths(violations({}, labels)) == {"/metadata/labels/owner"}
	}
	every metadata in [null, "x", {}] {
		count(require_labels.violation) == 1 with input as asked({}, metadata)
	}
}

test_messages if {
	testing.messages(violations({}, {})) == {`Deployment "shop/cart" lacks label owner`}
	wanted := {"labels": [{"key": "tier", "pattern": "web|api"}]}
	testing.messages(violations(wanted, {})) == {`Deployment "shop/cart" lacks label tier that matches web|api`}
}

test_allowed if {
	count(violations({}, {"owner": "checkout"})) == 0
}

test_several if {
	wanted := {"labels": [{"key": "tier", "pattern": "web|api"}, {"key": "example.com/cost"}, null, {"key": 5}]}
	testing.paths(violations(wanted, {})) == {"/metadata/labels/tier", "/metadata/labels/example.com~1cost"}
	testing.paths(violations(wanted, {"tier": "web", "example.com/cost": "7"})) == set()
	every tier in ["webs", "Web", "", null] {
		testing.paths(violations(wanted, {"tier": tier, "example.com/cost": "7"})) == {"/metadata/labels/tier"}
	}
}

test_a_pattern_that_is_none_is_met_by_nothing if {
	every pattern in ["(", 5] {
		count(violations({"labels": [{"key": "tier", "pattern": pattern}]}, {"tier": "web"})) == 1
	}
}

test_what_a_controller_made if {
	controlled := {"name": "cart-7d9", "ownerReferences": [{"kind": "ReplicaSet", "name": "cart", "controller": true}]}
	count(require_labels.violation) == 0 with input as asked({}, controlled)
	owned := {"name": "cart-7d9", "ownerReferences": [{"kind": "Shop", "name": "shop", "controller": false}]}
	count(require_labels.violation) == 1 with input as asked({}, owned)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every labels in [null, "tier", {"key": "tier"}] {
		count(violations({"labels": labels}, {"tier": "web"})) == 1
		count(violations({"labels": labels}, {"owner": "checkout"})) == 0
	}
}
