package require_image_digest_test

import data.lib.testing
import data.require_image_digest

digest := "sha256:9b2a6f1c6fbb0ac1fbc3e2c1a5b4d2d5d6c0b7a8e9f00112233445566778899a"

test_denied if {
	found := require_image_digest.violation with input as testing.container({"image": "shop/cart:1.8.2"})
	testing.paths(found) == {"/spec/containers/0/image"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" uses image shop/cart:1.8.2, which no digest pins`}
}

test_denied_where_the_digest_is_none if {
	every image in ["cart", "cart@", "cart@sha256:9b2a", "sha256:9b2a", concat(":", ["cart", "sha256"]), 5, ["cart"]] {
		count(require_image_digest.violation) == 1 with input as testing.container({"image": image})
	}
}

test_denied_in_every_list if {
	container := {"image": "cart:1"}
	spec := {"containers": [container], "initContainers": [container], "ephemeralContainers": [container]}
	count(require_image_digest.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every name in ["cart", "cart:latest", "registry:5000/shop/cart:1.8.2"] {
		fields := {"image": concat("@", [name, digest])}
		count(require_image_digest.violation) == 0 with input as testing.container(fields)
	}
}

test_no_image_is_left_to_the_api_server if {
	every fields in [{}, {"image": null}, {"image": ""}] {
		count(require_image_digest.violation) == 0 with input as testing.container(fields)
	}
}

test_exempt_image if {
	odd := {"exemptImages": {"any": "*"}}
	count(require_image_digest.violation) == 1 with input as testing.container_with(odd, {"image": "cart:1"})
	parameters := {"exemptImages": ["tools/*"]}
	count(require_image_digest.violation) == 0 with input as testing.container_with(parameters, {"image": "tools/a:1"})
	count(require_image_digest.violation) == 1 with input as testing.container_with(parameters, {"image": "cart:1"})
}
