package lib.webhooks_test

import data.lib.webhooks

configuration(kind, entries) := {"review": {"object": {
	"apiVersion": "admissionregistration.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": "stock"},
	"webhooks": entries,
}}}

test_webhooks_of_both_kinds if {
	every kind in ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] {
		found := webhooks.webhooks with input as configuration(kind, [null, {"name": "stock.shop"}, {}])
		found == [
			{"label": `Webhook "stock.shop"`, "name": "stock.shop", "pointer": "/webhooks/1", "spec": {"name": "stock.shop"}},
			{"label": "Webhook 2", "name": null, "pointer": "/webhooks/2", "spec": {}},
		]
	}
}

test_none if {
	every entries in [null, [], {"a": {}}, "x"] {
		found := webhooks.webhooks with input as configuration("MutatingWebhookConfiguration", entries)
		found == []
	}
	found := webhooks.webhooks with input as configuration("ConfigMap", [{}])
	found == []
}
