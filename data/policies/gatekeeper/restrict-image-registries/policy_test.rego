package restrict_image_registries_test

import data.lib.testing
import data.restrict_image_registries

test_denied if {
	every image in [
		"shop/cart:1.8",
		"docker.io/shop/cart:1.8",
		"DOCKER.io/shop/cart:1.8",
		"index.docker.io/shop/cart:1.8",
		"registry-1.docker.io/shop/cart@sha256:9b2a",
		"libraryofmine/cart",
		"ghcr.io/shop/cart:1.8",
		"quay.io/shop/cart:1.8",
		"registry.gitlab.com/shop/cart:1.8",
		"public.ecr.aws/shop/cart:1.8",
	] {
		found := restrict_image_registries.violation with input as testing.container({"image": image})
		testing.paths(found) == {"/spec/containers/0/image"}
	}
}

test_messages if {
	found := restrict_image_registries.violation with input as testing.container({"image": "shop/cart:1.8"})
	testing.messages(found) == {concat("", [
		`Container "cart" of Pod "shop/cart" uses image shop/cart:1.8, `,
		`which comes from docker.io/shop/cart`,
	])}
	odd := restrict_image_registries.violation with input as testing.container({"image": ["nginx"]})
	testing.messages(odd) == {`Container "cart" of Pod "shop/cart" uses an image whose name is no text: ["nginx"]`}
}

test_denied_in_every_list if {
	container := {"image": "shop/cart:1"}
	spec := {"containers": [container], "initContainers": [container], "ephemeralContainers": [container]}
	count(restrict_image_registries.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every image in [
		"nginx",
		"nginx:1.27.3",
		"library/nginx:1.27.3",
		"docker.io/nginx@sha256:9b2a",
		"index.docker.io/library/nginx",
		"public.ecr.aws/docker/library/nginx:1.27.3",
		"registry.example.com/shop/cart:1.8",
		"registry:5000/cart:1.8",
		"localhost/shop/cart",
		"quay.io.example.com/shop/cart",
		"registry.k8s.io/pause:3.10",
	] {
		count(restrict_image_registries.violation) == 0 with input as testing.container({"image": image})
	}
}

test_no_image_is_left_to_the_api_server if {
	every fields in [{}, {"image": null}, {"image": ""}] {
		count(restrict_image_registries.violation) == 0 with input as testing.container(fields)
	}
}

only_own := {
	"deniedRegistries": ["*"],
	"allowedRegistries": ["registry.example.com/shop/", "*.shop.example", "docker.io/nginx/exporter"],
}

denials(parameters, image) := count(found) if {
	found := restrict_image_registries.violation with input as testing.container_with(parameters, {"image": image})
}

test_only_what_is_allowed if {
	every image in [
		"nginx",
		"nginx/exporters",
		"registry.example.com/shopping/cart",
		"shop.example/cart",
		"localhost/shop/cart",
	] {
		denials(only_own, image) == 1
	}
	every image in ["registry.example.com/shop/cart:1", "eu.shop.example/cart", "nginx/exporter:1"] {
		denials(only_own, image) == 0
	}
}

test_no_image_is_left_also_where_all_are_denied if {
	every image in [null, ""] {
		denials(only_own, image) == 0
	}
}

test_single_images if {
	denials({"deniedRegistries": ["docker.io/library/nginx"]}, "nginx:1.27.3") == 0
	parameters := {"deniedRegistries": ["docker.io/library/nginx", "registry.example.com/cart"], "allowedRegistries": []}
	every image in ["nginx:1.27.3", "registry.example.com/cart"] {
		denials(parameters, image) == 1
	}
	denials(parameters, "nginx-exporter") == 0
}

test_a_registry_is_not_its_domain if {
	denials({"deniedRegistries": ["example.com"]}, "shop.example.com/cart") == 0
	denials({"deniedRegistries": ["example.com"]}, "example.com/cart") == 1
}

test_parameters_of_another_type_do_not_count if {
	parameters := {"deniedRegistries": {"any": "registry.example.com"}, "allowedRegistries": {"any": "*"}}
	denials(parameters, "registry.example.com/cart") == 0
	denials(parameters, "quay.io/shop/cart") == 1
}

test_a_domain_is_denied if {
	parameters := {"deniedRegistries": ["*.mirror.example", 5]}
	denials(parameters, "eu.mirror.example/cart") == 1
	every image in ["mirror.example/cart", "eu.mirror.example.com/cart", "shop/cart"] {
		denials(parameters, image) == 0
	}
}
