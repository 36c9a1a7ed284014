package lib.selectors_test

import data.lib.selectors

labels := {"app": "cart", "tier": "backend"}

expression(key, operator, values) := {"matchExpressions": [{"key": key, "operator": operator, "values": values}]}

test_selected if {
	every selector in [
		null,
		{},
		{"matchLabels": null, "matchExpressions": null},
		{"matchLabels": {"app": "cart"}},
		{"matchLabels": {"app": "cart", "tier": "backend"}},
		expression("app", "In", ["cart", "orders"]),
		expression("app", "NotIn", ["orders"]),
		expression("zone", "NotIn", ["a"]),
		expression("app", "Exists", []),
		expression("zone", "DoesNotExist", []),
	] {
		selectors.selects(selector, labels)
	}
}

test_not_selected if {
	every selector in [
		{"matchLabels": {"app": "orders"}},
		{"matchLabels": {"app": "cart", "zone": "a"}},
		expression("app", "In", ["orders"]),
		expression("zone", "In", ["a"]),
		expression("app", "NotIn", ["cart"]),
		expression("zone", "Exists", []),
		expression("app", "DoesNotExist", []),
		{"matchLabels": {"app": "cart"}, "matchExpressions": [{"key": "zone", "operator": "Exists"}]},
	] {
		not selectors.selects(selector, labels)
	}
}

test_what_is_not_well_formed_selects_nothing if {
	every selector in [
		"app",
		[],
		{"matchLabels": "app"},
		{"matchExpressions": {}},
		expression("app", "Like", ["cart"]),
		expression("app", "In", null),
		expression("app", "NotIn", null),
		expression(null, "NotIn", ["orders"]),
		expression(5, "DoesNotExist", []),
		{"matchExpressions": [null]},
	] {
		not selectors.selects(selector, labels)
	}
}
