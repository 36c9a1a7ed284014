package lib.images_test

import data.lib.images
import data.lib.testing

with_images(names) := testing.pod({"containers": [{"image": name} | some name in names]})

test_tags if {
	found := images.tags with input as with_images(["cart:1.8", "registry:5000/shop/cart:1.8", "cart:1.8@sha256:0f"])
	found == {"cart:1.8": "1.8", "registry:5000/shop/cart:1.8": "1.8", "cart:1.8@sha256:0f": "1.8"}
}

test_no_tags if {
	names := ["cart", "registry:5000/shop/cart", "cart@sha256:0f", "cart:", "a:b:c", "a:1/", "", 5, null]
	images.tags == {} with input as with_images(names)
}

test_digest if {
	images.pinned_by_digest("cart@sha256:9b2a6f1c6fbb0ac1fbc3e2c1a5b4d2d5d6c0b7a8e9f00112233445566778899a")
	not images.pinned_by_digest("cart@sha256:9b2a")
	not images.pinned_by_digest("cart:sha256")
	not images.pinned_by_digest(null)
}

test_exempt if {
	container := {"spec": {"image": "registry/shop/cart:1.8"}}
	images.exempt(container, ["registry/shop/cart:1.8"])
	images.exempt(container, ["other", "registry/shop/*"])
	images.exempt(container, ["*"])
	not images.exempt(container, [])
	not images.exempt(container, ["registry/shop/cart"])
	not images.exempt(container, ["registry/shop/cart:1.8.1*"])
	not images.exempt({"spec": {}}, ["*"])
	not images.exempt({"spec": {"image": 5}}, ["*"])
	not images.exempt(container, [5, null, {"a": "*"}])
}

test_all_exempt if {
	cart := {"spec": {"image": "registry/shop/cart:1.8"}}
	orders := {"spec": {"image": "registry/shop/orders:2.0"}}
	images.all_exempt([cart, orders], ["registry/shop/*"])
	not images.all_exempt([cart, orders], ["registry/shop/cart:1.8"])
	not images.all_exempt([cart], [])
	not images.all_exempt([], ["*"])
}
