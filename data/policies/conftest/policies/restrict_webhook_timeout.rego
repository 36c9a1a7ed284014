# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_webhook_timeout

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.webhooks

default maximum := 10

maximum := input.parameters.maximum if is_number(input.parameters.maximum)

default exempt_webhooks := []

exempt_webhooks := input.parameters.exemptWebhooks if is_array(input.parameters.exemptWebhooks)

# What the API server takes where nothing is said.
default unset := 10

unset := 30 if k8s.resource.apiVersion == "admissionregistration.k8s.io/v1beta1"

violation contains {"msg": msg, "details": {"path": path}} if {
	some webhook in webhooks.webhooks
	stated := object.get(webhook.spec, "timeoutSeconds", null)
	seconds := [value | some value in [stated, unset]; value != null][0]
	not short(seconds)
	not names.matches(webhook.name, exempt_webhooks)
	msg := sprintf("%s of %s may keep a request waiting for %v seconds, more than %v", [webhook.label, k8s.label, seconds, maximum])
	path := concat("/", [webhook.pointer, "timeoutSeconds"])
}

short(seconds) if {
	is_number(seconds)
	seconds <= maximum
}
