# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_webhook_scope

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.webhooks

default exempt_webhooks := []

exempt_webhooks := input.parameters.exemptWebhooks if is_array(input.parameters.exemptWebhooks)

violation contains {"msg": msg, "details": {"path": path}} if {
	some webhook in webhooks.webhooks
	is_array(webhook.spec.rules)
	some index, rule in webhook.spec.rules
	"*" in rule.apiGroups
	some resource in rule.resources
	resource in {"*", "*/*"}
	not narrowed(webhook.spec)
	not names.matches(webhook.name, exempt_webhooks)
	msg := sprintf("%s of %s is asked about every resource of the cluster", [webhook.label, k8s.label])
	path := concat("/", [webhook.pointer, "rules", format_int(index, 10)])
}

# A selector that is empty selects everything.
narrowed(spec) if {
	some field in ["namespaceSelector", "objectSelector"]
	some part in ["matchExpressions", "matchLabels"]
	some _ in spec[field][part]
}

narrowed(spec) if {
	some _ in spec.matchConditions
}
