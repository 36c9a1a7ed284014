package restrict_webhook_timeout_test

import data.lib.testing
import data.restrict_webhook_timeout

asked(version, parameters, entry) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": concat("/", ["admissionregistration.k8s.io", version]),
		"kind": "MutatingWebhookConfiguration",
		"metadata": {"name": "stock"},
		"webhooks": [{"name": "first", "timeoutSeconds": 1}, entry],
	}},
}

violations(version, parameters, entry) := found if {
	found := restrict_webhook_timeout.violation with input as asked(version, parameters, entry)
}

test_denied if {
	every value in [11, 30, "5", [5], true] {
		testing.paths(violations("v1", {}, {"timeoutSeconds": value})) == {"/webhooks/1/timeoutSeconds"}
	}
}

test_message if {
	found := violations("v1", {}, {"name": "stock.shop", "timeoutSeconds": 30})
	testing.messages(found) == {`Webhook "stock.shop" of MutatingWebhookConfiguration "stock" may keep a request waiting for 30 seconds, more than 10`}
}

test_allowed if {
	every value in [1, 10] {
		count(violations("v1", {}, {"timeoutSeconds": value})) == 0
	}
}

test_what_is_unset_depends_on_the_version if {
	every entry in [{}, {"timeoutSeconds": null}] {
		count(violations("v1", {}, entry)) == 0
		count(violations("v1", {"maximum": 9}, entry)) == 1
		count(violations("v1beta1", {}, entry)) == 1
		count(violations("v1beta1", {"maximum": 29}, entry)) == 1
		count(violations("v1beta1", {"maximum": 30}, entry)) == 0
	}
	count(violations("v1beta1", {}, {"timeoutSeconds": 10})) == 0
}

test_maximum if {
	count(violations("v1", {"maximum": 5}, {"timeoutSeconds": 6})) == 1
	count(violations("v1", {"maximum": 5}, {"timeoutSeconds": 5})) == 0
	count(violations("v1", {"maximum": "5"}, {"timeoutSeconds": 6})) == 0
	count(violations("v1", {"maximum": "5"}, {"timeoutSeconds": 11})) == 1
}

test_exempt_webhooks if {
	entry := {"name": "count.shop", "timeoutSeconds": 30}
	every exempt in [["count.shop"], ["count.*"]] {
		count(violations("v1", {"exemptWebhooks": exempt}, entry)) == 0
	}
	every exempt in [["stock.shop"], null, {"a": "count.shop"}] {
		count(violations("v1", {"exemptWebhooks": exempt}, entry)) == 1
	}
}
