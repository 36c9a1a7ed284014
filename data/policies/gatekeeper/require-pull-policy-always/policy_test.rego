package require_pull_policy_always_test

import data.lib.testing
import data.require_pull_policy_always

pointer := "/spec/containers/0/imagePullPolicy"

test_denied if {
	every policy in ["IfNotPresent", "Never", "always", 1, true, []] {
		fields := {"image": "cart:latest", "imagePullPolicy": policy}
		found := require_pull_policy_always.violation with input as testing.container(fields)
		testing.paths(found) == {pointer}
	}
}

test_messages if {
	never := {"image": "cart:1.8", "imagePullPolicy": "Never"}
	found := require_pull_policy_always.violation with input as testing.container(never)
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" has imagePullPolicy Never`}
	silent := require_pull_policy_always.violation with input as testing.container({"image": "cart:1.8"})
	testing.messages(silent) == {`Container "cart" of Pod "shop/cart" sets no imagePullPolicy`}
}

test_denied_where_nothing_is_said_of_a_release if {
	every image in ["cart:1.8", "registry:5000/cart:1.8", "cart@sha256:9b2a", "cart:1.8@sha256:9b2a", "", null, 5] {
		every policy in [null, ""] {
			fields := {"image": image, "imagePullPolicy": policy}
			count(require_pull_policy_always.violation) == 1 with input as testing.container(fields)
		}
	}
	count(require_pull_policy_always.violation) == 1 with input as testing.container({})
}

test_denied_in_every_list if {
	container := {"image": "cart:1"}
	spec := {"containers": [container], "initContainers": [container], "ephemeralContainers": [container]}
	count(require_pull_policy_always.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every image in ["cart:1.8", "cart", "cart@sha256:9b2a", null] {
		fields := {"image": image, "imagePullPolicy": "Always"}
		count(require_pull_policy_always.violation) == 0 with input as testing.container(fields)
	}
}

test_always_is_meant_where_nothing_is_said_of_latest if {
	every image in ["cart", "cart:latest", "registry:5000/shop/cart", "cart:latest@sha256:9b2a"] {
		every said in [{}, {"imagePullPolicy": null}, {"imagePullPolicy": ""}] {
			fields := object.union({"image": image}, said)
			count(require_pull_policy_always.violation) == 0 with input as testing.container(fields)
		}
	}
}

test_explicit if {
	parameters := {"requireExplicit": true}
	every image in ["cart", "cart:latest", "cart:1.8"] {
		fields := {"image": image}
		count(require_pull_policy_always.violation) == 1 with input as testing.container_with(parameters, fields)
	}
	said := {"image": "cart", "imagePullPolicy": "Always"}
	count(require_pull_policy_always.violation) == 0 with input as testing.container_with(parameters, said)
	quoted := {"requireExplicit": "true"}
	count(require_pull_policy_always.violation) == 0 with input as testing.container_with(quoted, {"image": "cart"})
}

test_exempt_image if {
	odd := {"exemptImages": {"any": "*"}}
	count(require_pull_policy_always.violation) == 1 with input as testing.container_with(odd, {"image": "cart:1"})
	parameters := {"exemptImages": ["tools/*"]}
	tool := {"image": "tools/a:1"}
	count(require_pull_policy_always.violation) == 0 with input as testing.container_with(parameters, tool)
	count(require_pull_policy_always.violation) == 1 with input as testing.container_with(parameters, {"image": "cart:1"})
}
