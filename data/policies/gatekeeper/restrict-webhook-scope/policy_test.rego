package restrict_webhook_scope_test

import data.lib.testing
import data.restrict_webhook_scope

asked(parameters, entry) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "admissionregistration.k8s.io/v1",
		"kind": "ValidatingWebhookConfiguration",
		"metadata": {"name": "stock"},
		"webhooks": [entry],
	}},
}

violations(entry) := found if found := restrict_webhook_scope.violation with input as asked({}, entry)

everything := {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*/*"]}

wide := {"name": "stock.shop", "rules": [everything]}

test_denied if {
	every resources in [["*"], ["*/*"], ["pods", "*"]] {
		rule := object.union(everything, {"resources": resources})
		testing.paths(violations({"rules": [rule]})) == {"/webhooks/0/rules/0"}
	}
	every groups in [["*"], ["apps", "*"]] {
		count(violations({"rules": [object.union(everything, {"apiGroups": groups})]})) == 1
	}
}

test_a_selector_that_selects_everything if {
	every selector in [null, {}, {"matchLabels": {}}, {"matchExpressions": []}, {"matchLabels": null}, "x"] {
		every field in ["namespaceSelector", "objectSelector"] {
			count(violations(object.union(wide, {field: selector}))) == 1
		}
	}
	every conditions in [null, [], 5] {
		count(violations(object.union(wide, {"matchConditions": conditions}))) == 1
	}
}

test_message if {
	testing.messages(violations(wide)) == {`Webhook "stock.shop" of ValidatingWebhookConfiguration "stock" is asked about every resource of the cluster`}
}

test_each_rule if {
	narrow := object.union(everything, {"resources": ["pods"]})
	found := violations({"rules": [everything, narrow, everything]})
	testing.paths(found) == {"/webhooks/0/rules/0", "/webhooks/0/rules/2"}
}

test_allowed if {
	every change in [
		{"resources": ["pods"]},
		{"resources": ["*/scale"]},
		{"resources": ["pods/*"]},
		{"resources": null},
		{"apiGroups": ["apps"]},
		{"apiGroups": [""]},
		{"apiGroups": null},
	] {
		count(violations({"rules": [object.union(everything, change)]})) == 0
	}
	every rules in [null, [], [null], "x"] {
		count(violations({"rules": rules})) == 0
	}
}

test_narrowed if {
	expression := {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system"]}
	every field in ["namespaceSelector", "objectSelector"] {
		every selector in [{"matchExpressions": [expression]}, {"matchLabels": {"stock": "checked"}}] {
			count(violations(object.union(wide, {field: selector}))) == 0
		}
	}
	count(violations(object.union(wide, {"matchConditions": [{"name": "a", "expression": "true"}]}))) == 0
}

test_exempt_webhooks if {
	every exempt in [["stock.shop"], ["stock.*"]] {
		count(restrict_webhook_scope.violation) == 0 with input as asked({"exemptWebhooks": exempt}, wide)
	}
	every exempt in [["count.shop"], null, {"a": "stock.shop"}] {
		count(restrict_webhook_scope.violation) == 1 with input as asked({"exemptWebhooks": exempt}, wide)
	}
}
