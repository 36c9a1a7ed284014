package deny_default_service_account_test

import data.deny_default_service_account
import data.lib.testing

violations(parameters, spec) := found if {
	found := deny_default_service_account.violation with input as testing.pod_with(parameters, spec)
}

test_denied if {
	every spec in [
		{},
		{"serviceAccountName": "default"},
		{"serviceAccountName": ""},
		{"serviceAccountName": null},
		{"serviceAccountName": ["cart"]},
		{"serviceAccountName": 5, "serviceAccount": "cart"},
		{"serviceAccountName": "default", "serviceAccount": "cart"},
		{"serviceAccountName": "", "serviceAccount": ""},
	] {
		found := deny_default_service_account.violation with input as testing.deployment(spec)
		testing.paths(found) == {"/spec/template/spec/serviceAccountName"}
	}
	found := deny_default_service_account.violation with input as testing.deployment({"serviceAccount": "default"})
	testing.paths(found) == {"/spec/template/spec/serviceAccount"}
}

test_message if {
	testing.messages(violations({}, {})) == {`Pod "shop/cart" runs as ServiceAccount "default", which it shares with others`}
}

test_allowed if {
	every spec in [{"serviceAccountName": "cart"}, {"serviceAccount": "cart"}, {"serviceAccountName": "default2"}] {
		count(violations({}, spec)) == 0
	}
}

test_shared_service_accounts if {
	parameters := {"sharedServiceAccounts": ["default", "builder"]}
	count(violations(parameters, {"serviceAccountName": "builder"})) == 1
	count(violations(parameters, {})) == 1
	count(violations({"sharedServiceAccounts": ["builder"]}, {})) == 0
	count(violations({"sharedServiceAccounts": "builder"}, {})) == 1
}

test_without_a_token if {
	count(violations({}, {"automountServiceAccountToken": false})) == 1
	parameters := {"allowWithoutToken": true}
	count(violations(parameters, {"automountServiceAccountToken": false})) == 0
	every value in [true, null, "false"] {
		count(violations(parameters, {"automountServiceAccountToken": value})) == 1
	}
	count(violations({"allowWithoutToken": "true"}, {"automountServiceAccountToken": false})) == 1
}

test_what_has_no_pods_is_left_alone if {
	service := {"review": {"object": {"apiVersion": "v1", "kind": "Service", "spec": {}}}}
	count(deny_default_service_account.violation) == 0 with input as service
}
