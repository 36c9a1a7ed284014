package deny_token_automount_test

import data.deny_token_automount
import data.lib.testing

exempting(patterns, account) := testing.pod_with({"exemptServiceAccounts": patterns}, {"serviceAccountName": account})

test_denied if {
	every spec in [
		{},
		{"automountServiceAccountToken": true},
		{"automountServiceAccountToken": null},
		{"automountServiceAccountToken": "false"},
		{"automountServiceAccountToken": 0},
	] {
		found := deny_token_automount.violation with input as testing.deployment(spec)
		testing.paths(found) == {"/spec/template/spec/automountServiceAccountToken"}
	}
}

test_message if {
	found := deny_token_automount.violation with input as testing.pod({"serviceAccountName": "cart"})
	testing.messages(found) == {concat("", [
		`Pod "shop/cart" mounts a token of ServiceAccount "cart": `,
		`automountServiceAccountToken is not false`,
	])}
}

test_allowed if {
	count(deny_token_automount.violation) == 0 with input as testing.pod({"automountServiceAccountToken": false})
}

test_exempt_service_accounts if {
	every patterns in [["orders-operator"], ["orders-*"], ["cart", "*"]] {
		count(deny_token_automount.violation) == 0 with input as exempting(patterns, "orders-operator")
	}
	every patterns in [["orders"], ["cart-*"], [], null, "*"] {
		count(deny_token_automount.violation) == 1 with input as exempting(patterns, "orders-operator")
	}
	count(deny_token_automount.violation) == 0 with input as exempting(["default"], "")
}

test_what_has_no_pods_is_left_alone if {
	every object in [{"apiVersion": "v1", "kind": "Service"}, {"apiVersion": "v1", "kind": "Pod", "spec": null}] {
		count(deny_token_automount.violation) == 0 with input as {"review": {"object": object}}
	}
}
