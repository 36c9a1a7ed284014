# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_deprecated_service_account_field

import data.lib.kubernetes as k8s

violation contains {"msg": msg, "details": {"path": path}} if {
	account := k8s.pod_spec.serviceAccount
	not account in {null, ""}
	account != object.get(k8s.pod_spec, "serviceAccountName", null)
	msg := sprintf("%s sets the deprecated field serviceAccount to %v; serviceAccountName must name it", [k8s.label, account])
	path := concat("/", [k8s.pod_spec_pointer, "serviceAccount"])
}
