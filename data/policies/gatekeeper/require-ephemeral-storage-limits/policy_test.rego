package require_ephemeral_storage_limits_test

import data.lib.testing
import data.require_ephemeral_storage_limits

limited(quantity) := {"resources": {"limits": {"ephemeral-storage": quantity}}}

pointer := "/spec/containers/0/resources/limits/ephemeral-storage"

denied(parameters, fields) := testing.paths(found) if {
	found := require_ephemeral_storage_limits.violation with input as testing.container_with(parameters, fields)
}

test_denied if {
	every resources in [null, "x", {}, {"limits": null}, {"limits": []}, {"limits": {"memory": "1Gi"}}] {
		denied({}, {"resources": resources}) == {pointer}
	}
	denied({}, {}) == {pointer}
	denied({}, {"resources": {"requests": {"ephemeral-storage": "1Gi"}}}) == {pointer}
}

test_denied_where_the_limit_limits_nothing if {
	every quantity in [null, "", "0", "0m", "0.0", 0, -1, "-1", "lots", true, []] {
		denied({}, limited(quantity)) == {pointer}
	}
}

test_messages if {
	missing := require_ephemeral_storage_limits.violation with input as testing.container({})
	testing.messages(missing) == {`Container "cart" of Pod "shop/cart" has no ephemeral-storage limit`}
	asked := testing.container_with({"maximum": "4Gi"}, limited("6Gi"))
	much := require_ephemeral_storage_limits.violation with input as asked
	testing.messages(much) == {concat("", [
		`Container "cart" of Pod "shop/cart" may fill 6Gi of its node's disk, `,
		`more than the 4Gi allowed`,
	])}
}

test_denied_in_init_containers_but_not_in_ephemeral_ones if {
	spec := {"containers": [limited(1)], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := require_ephemeral_storage_limits.violation with input as testing.deployment(spec)
	testing.paths(found) == {"/spec/template/spec/initContainers/0/resources/limits/ephemeral-storage"}
}

test_allowed if {
	every quantity in ["1Gi", "500M", "0.5G", 1, "1e9", "+1"] {
		denied({}, limited(quantity)) == set()
	}
}

test_maximum if {
	parameters := {"maximum": "4Gi"}
	every quantity in ["1Gi", "4Gi", "4096Mi"] {
		denied(parameters, limited(quantity)) == set()
	}
	denied(parameters, limited("6Gi")) == {pointer}
}

test_a_maximum_that_is_no_quantity_allows_any if {
	every maximum in ["", "lots", 1, null] {
		denied({"maximum": maximum}, limited("6Gi")) == set()
	}
}

test_exempt_image if {
	parameters := {"maximum": "4Gi", "exemptImages": ["tools/*"]}
	denied(parameters, {"image": "tools/a:1"}) == set()
	denied(parameters, {"image": "cart:1"}) == {pointer}
	denied({"exemptImages": {"any": "*"}}, {"image": "cart:1"}) == {pointer}
	denied(parameters, object.union(limited("6Gi"), {"image": "tools/a:1"})) == set()
	denied(parameters, object.union(limited("6Gi"), {"image": "cart:1"})) == {pointer}
}
