package require_annotations_test

import data.lib.testing
import data.require_annotations

asked(parameters, metadata) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}},
}

violations(parameters, annotations) := found if {
	found := require_annotations.violation with input as asked(parameters, {"name": "cart", "namespace": "shop", "annotations": annotations})
}

test_denied if {
	every annotations in [null, {}, "checkout", ["checkout"], {"a8r.io/owner": ""}, {"a8r.io/owner": " "}, {"a8r.io/owner": null}, {"a8r.io/owner": 5}, {"xa8r.io/owner": "checkout"}] {
		testing.paths(violations({}, annotations)) == {"/metadata/annotations/a8r.io~1owner"}
	}
	every metadata in [null, "x", {}] {
		count(require_annotations.violation) == 1 with input as asked({}, metadata)
	}
}

test_messages if {
	testing.messages(violations({}, {})) == {`Deployment "shop/cart" lacks annotation a8r.io/owner`}
	wanted := {"annotations": [{"key": "tier", "pattern": "web|api"}]}
	testing.messages(violations(wanted, {})) == {`Deployment "shop/cart" lacks annotation tier that matches web|api`}
}

test_allowed if {
	count(violations({}, {"a8r.io/owner": "checkout"})) == 0
}

test_several if {
	wanted := {"annotations": [{"key": "tier", "pattern": "web|api"}, {"key": "example.com/cost"}, null, {"key": 5}]}
	testing.paths(violations(wanted, {})) == {"/metadata/annotations/tier", "/metadata/annotations/example.com~1cost"}
	testing.paths(violations(wanted, {"tier": "web", "example.com/cost": "7"})) == set()
	every tier in ["webs", "Web", "", null] {
		testing.paths(violations(wanted, {"tier": tier, "example.com/cost": "7"})) == {"/metadata/annotations/tier"}
	}
}

test_a_pattern_that_is_none_is_met_by_nothing if {
	every pattern in ["(", 5] {
		count(violations({"annotations": [{"key": "tier", "pattern": pattern}]}, {"tier": "web"})) == 1
	}
}

test_what_a_controller_made if {
	controlled := {"name": "cart-7d9", "ownerReferences": [{"kind": "ReplicaSet", "name": "cart", "controller": true}]}
	count(require_annotations.violation) == 0 with input as asked({}, controlled)
	owned := {"name": "cart-7d9", "ownerReferences": [{"kind": "Shop", "name": "shop", "controller": false}]}
	count(require_annotations.violation) == 1 with input as asked({}, owned)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every annotations in [null, "tier", {"key": "tier"}] {
		count(violations({"annotations": annotations}, {"tier": "web"})) == 1
		count(violations({"annotations": annotations}, {"a8r.io/owner": "checkout"})) == 0
	}
}
