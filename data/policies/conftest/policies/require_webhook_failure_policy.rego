# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_webhook_failure_policy

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.webhooks

default exempt_webhooks := []

exempt_webhooks := input.parameters.exemptWebhooks if is_array(input.parameters.exemptWebhooks)

# What the API server takes where nothing is said.
default unset := "Fail"

unset := "Ignore" if k8s.resource.apiVersion == "admissionregistration.k8s.io/v1beta1"

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.kind == "ValidatingWebhookConfiguration"
	some webhook in webhooks.webhooks
	stated := object.get(webhook.spec, "failurePolicy", null)
	[value | some value in [stated, unset]; not value in {"", null}][0] != "Fail"
	not names.matches(webhook.name, exempt_webhooks)
	msg := sprintf("%s of %s lets through whatever it cannot judge: its failurePolicy is not Fail", [webhook.label, k8s.label])
	path := concat("/", [webhook.pointer, "failurePolicy"])
}
