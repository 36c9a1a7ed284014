# METADATA
# title: Require admission webhooks to fail closed
# description: What a validating admission webhook cannot judge must be refused.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
#     description: Dynamic Admission Control
#   - ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
#     description: Admission Webhook Good Practices
# custom:
#   id: require-webhook-failure-policy
#   kind: JadeRequireWebhookFailurePolicy
#   severity: medium
#   severity_reason: Whoever can make the webhook fail gets past it; what it would have refused differs.
#   reliability: medium
#   tags: [webhooks, availability]
#   features: [webhooks.failurePolicy=Ignore]
#   kinds: [admissionregistration.k8s.io/ValidatingWebhookConfiguration]
#   rationale: >-
#     With `failurePolicy: Ignore` the API server takes silence for consent: while the webhook is restarted, overloaded or
#     kept busy on purpose, everything is admitted, and nothing tells afterwards what came in. A control that may be
#     skipped is none. Webhooks that only warn or count may fail open, hence the reliability. Mutating webhooks are left
#     out: what they add can be checked by a validating one.
#   parameters:
#     exemptWebhooks:
#       type: array
#       items: {type: string}
#       default: []
#       description: Webhooks that may fail open, by name or by a prefix that ends in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: Fail
#       behaviour_changing: true
#       needs_human: true
#       note: While the webhook is down nothing that it judges can be changed, so it must have replicas and leave its own namespace out.
package require_webhook_failure_policy

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
