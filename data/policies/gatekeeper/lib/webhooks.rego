# METADATA
# title: Admission webhooks
# description: The webhooks of the reviewed configuration, with the JSON pointer of each.
# scope: package
package lib.webhooks

import data.lib.kubernetes as k8s

# {"label": "Webhook \"stock.shop.example.com\"", "name": …, "pointer": "/webhooks/0", "spec": {…}}. `name` is null
# where a webhook has none, and may be of any type.
webhooks := [webhook |
	k8s.group_kind in {
		"admissionregistration.k8s.io/MutatingWebhookConfiguration",
		"admissionregistration.k8s.io/ValidatingWebhookConfiguration",
	}
	is_array(k8s.resource.webhooks)
	some index, spec in k8s.resource.webhooks
	is_object(spec)
	webhook := {
		"label": sprintf("Webhook %v", [json.marshal(object.get(spec, "name", index))]),
		"name": object.get(spec, "name", null),
		"pointer": concat("/", ["/webhooks", format_int(index, 10)]),
		"spec": spec,
	}
]
