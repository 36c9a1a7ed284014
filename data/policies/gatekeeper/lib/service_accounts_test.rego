package lib.service_accounts_test

import data.lib.service_accounts
import data.lib.testing

test_the_new_field_wins if {
	every spec, name in {
		{"serviceAccountName": "cart"}: "cart",
		{"serviceAccountName": "cart", "serviceAccount": "orders"}: "cart",
		{"serviceAccount": "orders"}: "orders",
		{"serviceAccountName": "", "serviceAccount": "orders"}: "orders",
		{"serviceAccountName": null, "serviceAccount": "orders"}: "orders",
		{"serviceAccountName": ["cart"], "serviceAccount": "orders"}: ["cart"],
		{"serviceAccountName": "", "serviceAccount": 5}: 5,
		{"serviceAccountName": "", "serviceAccount": ""}: "default",
		{}: "default",
	} {
		service_accounts.name == name with input as testing.pod(spec)
	}
}

test_what_has_no_pods_has_none if {
	every object in [{"kind": "Service", "apiVersion": "v1", "spec": {}}, {"kind": "Pod", "apiVersion": "v1", "spec": null}] {
		not service_accounts.name with input as {"review": {"object": object}}
	}
}

test_the_pointer_is_that_of_the_field_that_counts if {
	every spec, pointer in {
		{"serviceAccountName": "cart", "serviceAccount": "orders"}: "/spec/template/spec/serviceAccountName",
		{"serviceAccount": "orders"}: "/spec/template/spec/serviceAccount",
		{"serviceAccount": ""}: "/spec/template/spec/serviceAccountName",
		{}: "/spec/template/spec/serviceAccountName",
	} {
		service_accounts.pointer == pointer with input as testing.deployment(spec)
	}
}
