# METADATA
# title: Restrict the timeout of admission webhooks
# description: No admission webhook may keep a request waiting for longer than a few seconds.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
#     description: Dynamic Admission Control
#   - ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
#     description: Admission Webhook Good Practices
# custom:
#   id: restrict-webhook-timeout
#   kind: JadeRestrictWebhookTimeout
#   severity: low
#   severity_reason: It makes an outage of the webhook slower and wider, but does not cause one.
#   reliability: high
#   tags: [webhooks, availability]
#   features: [webhooks.timeoutSeconds.high=true]
#   kinds:
#     - admissionregistration.k8s.io/MutatingWebhookConfiguration
#     - admissionregistration.k8s.io/ValidatingWebhookConfiguration
#   rationale: >-
#     The API server holds each request until its webhooks have answered, one mutating webhook after the other. With one
#     that hangs, a timeout of half a minute is more than many clients wait: they give up, try again and add to the load,
#     and the control plane's own writes queue up behind them.
#   parameters:
#     maximum:
#       type: integer
#       minimum: 1
#       maximum: 30
#       default: 10
#       description: Seconds that a webhook may take; where none are stated, Kubernetes waits 10.
#     exemptWebhooks:
#       type: array
#       items: {type: string}
#       default: []
#       description: Webhooks that may take longer, by name or by a prefix that ends in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       parameter: maximum
#       behaviour_changing: true
#       needs_human: true
#       note: Whether the webhook answers in that time is seen in the API server's metrics.
package restrict_webhook_timeout

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
