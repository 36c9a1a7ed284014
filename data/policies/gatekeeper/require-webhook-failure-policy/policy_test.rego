package require_webhook_failure_policy_test

import data.lib.testing
import data.require_webhook_failure_policy

asked(version, parameters, entries) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": concat("/", ["admissionregistration.k8s.io", version]),
		"kind": "ValidatingWebhookConfiguration",
		"metadata": {"name": "stock"},
		"webhooks": entries,
	}},
}

violations(version, entry) := found if {
	found := require_webhook_failure_policy.violation with input as asked(version, {}, [entry])
}

test_denied if {
	every value in ["Ignore", "fail", ["Fail"], false, 5] {
		testing.paths(violations("v1", {"failurePolicy": value})) == {"/webhooks/0/failurePolicy"}
	}
}

test_what_is_unset_depends_on_the_version if {
	every entry in [{}, {"failurePolicy": null}, {"failurePolicy": ""}] {
		count(violations("v1", entry)) == 0
		count(violations("v1beta1", entry)) == 1
	}
	count(violations("v1beta1", {"failurePolicy": "Fail"})) == 0
}

test_message if {
	found := violations("v1", {"name": "stock.shop", "failurePolicy": "Ignore"})
	testing.messages(found) == {`Webhook "stock.shop" of ValidatingWebhookConfiguration "stock" lets through whatever it cannot judge: its failurePolicy is not Fail`}
}

test_allowed if {
	count(violations("v1", {"failurePolicy": "Fail"})) == 0
	mutating := object.union(
		asked("v1", {}, [{"failurePolicy": "Ignore"}]),
		{"review": {"object": {"kind": "MutatingWebhookConfiguration"}}},
	)
	count(require_webhook_failure_policy.violation) == 0 with input as mutating
}

test_each_webhook if {
	entries := [{"failurePolicy": "Ignore"}, {"failurePolicy": "Fail"}, {"failurePolicy": "Ignore"}]
	found := require_webhook_failure_policy.violation with input as asked("v1", {}, entries)
	testing.paths(found) == {"/webhooks/0/failurePolicy", "/webhooks/2/failurePolicy"}
}

test_exempt_webhooks if {
	entries := [{"name": "count.shop", "failurePolicy": "Ignore"}]
	every exempt in [["count.shop"], ["count.*"]] {
		count(require_webhook_failure_policy.violation) == 0 with input as asked("v1", {"exemptWebhooks": exempt}, entries)
	}
	every exempt in [["stock.shop"], null, {"a": "count.shop"}] {
		count(require_webhook_failure_policy.violation) == 1 with input as asked("v1", {"exemptWebhooks": exempt}, entries)
	}
}
