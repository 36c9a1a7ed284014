package require_pod_security_context_test

import data.lib.testing
import data.require_pod_security_context as policy

pointer := "/spec/securityContext"

containers(context) := {"containers": [{"name": "cart", "image": "cart:1", "securityContext": context}]}

pod(context) := object.union({"securityContext": context}, containers({"runAsNonRoot": true}))

test_denied if {
	missing := policy.violation with input as testing.pod(containers({"runAsNonRoot": true}))
	testing.paths(missing) == {pointer}
	testing.messages(missing) == {`Pod "shop/cart" has no securityContext for its pods`}
	every context in [null, {}, "restricted", [], {"runAsUser": null}] {
		found := policy.violation with input as testing.pod(pod(context))
		testing.paths(found) == {pointer}
	}
}

test_denied_in_a_template if {
	found := policy.violation with input as testing.deployment({})
	testing.paths(found) == {"/spec/template/spec/securityContext"}
}

test_allowed if {
	every context in [{"runAsNonRoot": true}, {"fsGroup": 0, "runAsUser": null}, {"windowsOptions": {}}] {
		count(policy.violation) == 0 with input as testing.pod(pod(context))
	}
}

test_required_fields if {
	parameters := {"requiredFields": ["runAsNonRoot", "seccompProfile"]}
	some_ := pod({"runAsNonRoot": true, "seccompProfile": null})
	found := policy.violation with input as testing.pod_with(parameters, some_)
	testing.paths(found) == {"/spec/securityContext/seccompProfile"}
	testing.messages(found) == {`Pod "shop/cart" does not set seccompProfile in the securityContext of its pods`}
	all := pod({"runAsNonRoot": false, "seccompProfile": {"type": "RuntimeDefault"}})
	count(policy.violation) == 0 with input as testing.pod_with(parameters, all)
	odd := {"requiredFields": {"a": "fsGroup"}}
	count(policy.violation) == 0 with input as testing.pod_with(odd, some_)
	none := policy.violation with input as testing.pod_with(parameters, pod({}))
	testing.paths(none) == {pointer}
}

test_exempt_image if {
	parameters := {"exemptImages": ["cart:*"], "requiredFields": ["fsGroup"]}
	unlisted := {"exemptImages": {"a": "cart:*"}}
	count(policy.violation) == 1 with input as testing.pod_with(unlisted, pod({}))
	beside := {"containers": [{"image": "cart:1"}, {"image": "orders:1"}]}
	every context in [{}, {"runAsNonRoot": true}] {
		count(policy.violation) == 0 with input as testing.pod_with(parameters, pod(context))
		spec := object.union({"securityContext": context}, beside)
		count(policy.violation) == 1 with input as testing.pod_with(parameters, spec)
		every field in ["initContainers", "ephemeralContainers"] {
			other := object.union(pod(context), {field: [{"image": "orders:1"}]})
			count(policy.violation) == 1 with input as testing.pod_with(parameters, other)
		}
	}
}

test_what_has_no_pods_is_left_alone if {
	parameters := {"requiredFields": ["fsGroup"]}
	service := {"apiVersion": "v1", "kind": "Service", "spec": {"securityContext": {"a": 1}}}
	count(policy.violation) == 0 with input as {"review": {"object": service}, "parameters": parameters}
}
