# METADATA
# title: Restrict the scope of admission webhooks
# description: An admission webhook that matches every resource must leave some out by a selector or a condition.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
#     description: Dynamic Admission Control
#   - ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
#     description: Admission Webhook Good Practices
# custom:
#   id: restrict-webhook-scope
#   kind: JadeRestrictWebhookScope
#   severity: medium
#   severity_reason: While such a webhook is down, the cluster cannot heal itself; it has to go down first.
#   reliability: medium
#   tags: [webhooks, availability]
#   features: [webhooks.rules.all=true]
#   kinds:
#     - admissionregistration.k8s.io/MutatingWebhookConfiguration
#     - admissionregistration.k8s.io/ValidatingWebhookConfiguration
#   rationale: >-
#     A webhook for all resources of all groups is asked about every lease and every pod of the control plane, and about
#     the pods that it needs itself. When it is down, none of them can be created, the one that would bring it back
#     included. A namespaceSelector that leaves kube-system and its own namespace out breaks that circle. A webhook that
#     fails open does not close it, but delays everything still, hence the reliability.
#   parameters:
#     exemptWebhooks:
#       type: array
#       items: {type: string}
#       default: []
#       description: Webhooks that may see everything, by name or by a prefix that ends in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Which resources it is for is known only to its owner: name them in the rules, or leave namespaces out by a
#         namespaceSelector.
package restrict_webhook_scope

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
