package deny_latest_tag_test

import data.deny_latest_tag
import data.lib.testing

test_denied if {
	found := deny_latest_tag.violation with input as testing.container({"image": "shop/cart:latest"})
	testing.paths(found) == {"/spec/containers/0/image"}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" uses image shop/cart:latest, which has the moving tag "latest"`}
}

test_denied_without_a_tag if {
	found := deny_latest_tag.violation with input as testing.container({"image": "registry:5000/cart"})
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" uses image registry:5000/cart, which has no tag`}
}

test_an_image_that_is_no_text_is_not_trusted if {
	count(deny_latest_tag.violation) == 1 with input as testing.container({"image": ["cart:1"]})
}

test_denied_in_every_list if {
	container := {"image": "cart"}
	spec := {"containers": [container], "initContainers": [container], "ephemeralContainers": [container]}
	count(deny_latest_tag.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	digest := "sha256:9b2a6f1c6fbb0ac1fbc3e2c1a5b4d2d5d6c0b7a8e9f00112233445566778899a"
	every image in ["cart:1.8.2", "registry:5000/cart:1", concat("@", ["cart:latest", digest]), concat("@", ["cart", digest])] {
		count(deny_latest_tag.violation) == 0 with input as testing.container({"image": image})
	}
}

test_no_image_is_left_to_the_api_server if {
	every fields in [{}, {"image": null}, {"image": ""}] {
		count(deny_latest_tag.violation) == 0 with input as testing.container(fields)
	}
}

test_parameters_of_another_type_do_not_count if {
	odd := {"mutableTags": {"any": "1.8"}, "exemptImages": {"any": "*"}}
	count(deny_latest_tag.violation) == 0 with input as testing.container_with(odd, {"image": "cart:1.8"})
	count(deny_latest_tag.violation) == 1 with input as testing.container_with(odd, {"image": "cart:latest"})
}

test_parameters if {
	parameters := {"mutableTags": ["stable"], "exemptImages": ["tools/*"]}
	count(deny_latest_tag.violation) == 1 with input as testing.container_with(parameters, {"image": "cart:stable"})
	count(deny_latest_tag.violation) == 0 with input as testing.container_with(parameters, {"image": "cart:latest"})
	count(deny_latest_tag.violation) == 0 with input as testing.container_with(parameters, {"image": "tools/a:stable"})
}
