package deny_deprecated_service_account_field_test

import data.deny_deprecated_service_account_field as policy
import data.lib.testing

test_denied if {
	every spec in [
		{"serviceAccount": "cart"},
		{"serviceAccount": "cart", "serviceAccountName": ""},
		{"serviceAccount": "cart", "serviceAccountName": null},
		{"serviceAccount": "cart", "serviceAccountName": "orders"},
		{"serviceAccount": ["cart"], "serviceAccountName": "cart"},
		{"serviceAccount": 5},
	] {
		found := policy.violation with input as testing.deployment(spec)
		testing.paths(found) == {"/spec/template/spec/serviceAccount"}
	}
}

test_message if {
	found := policy.violation with input as testing.pod({"serviceAccount": "cart"})
	testing.messages(found) == {`Pod "shop/cart" sets the deprecated field serviceAccount to cart; serviceAccountName must name it`}
}

test_allowed if {
	every spec in [
		{},
		{"serviceAccount": ""},
		{"serviceAccount": null},
		{"serviceAccountName": "cart"},
		{"serviceAccountName": "cart", "serviceAccount": ""},
		{"serviceAccountName": "cart", "serviceAccount": "cart"},
	] {
		count(policy.violation) == 0 with input as testing.deployment(spec)
	}
}
