# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_image_registries

import data.lib.kubernetes as k8s

default denied_registries := ["docker.io", "ghcr.io", "quay.io", "registry.gitlab.com", "public.ecr.aws"]

denied_registries := input.parameters.deniedRegistries if is_array(input.parameters.deniedRegistries)

default allowed_registries := ["docker.io/library", "public.ecr.aws/docker/library"]

allowed_registries := input.parameters.allowedRegistries if is_array(input.parameters.allowedRegistries)

denied := prefixes(denied_registries)

allowed := prefixes(allowed_registries)

# The parameter's entries with a slash at the end, so that `docker.io/lib` is not taken for `docker.io/library`.
prefixes(registries) := {concat("", [trim_suffix(registry, "/"), "/"]) |
	some registry in registries
	is_string(registry)
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	image := container.spec.image
	not image in {null, ""}
	repository := repository_of(image)
	listed(repository, denied)
	not listed(repository, allowed)
	place := trim_suffix(repository, "/")
	msg := sprintf("%s uses image %s, which comes from %s", [container.label, image, place])
	path := concat("/", [container.pointer, "image"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	image := container.spec.image
	image != null
	not is_string(image)
	msg := sprintf("%s uses an image whose name is no text: %v", [container.label, image])
	path := concat("/", [container.pointer, "image"])
}

# Where the runtime looks: `shop/cart:1.8` is in `docker.io/shop/cart/`. What stands before the first slash is a
# registry if it holds a dot or a port, or is `localhost`.
repository_of(image) := concat("", [registry, official(registry, name), name, "/"]) if {
	is_string(image)
	pattern := `^((?:[^/@]*[.:][^/@]*|localhost)/)?((?:[^/@]*/)*[^/:@]*)`
	[[_, host, name]] := regex.find_all_string_submatch_n(pattern, image, 1)
	registry := registry_of(lower(host))
}

registry_of(host) := "docker.io/" if {
	host in {"", "index.docker.io/", "registry-1.docker.io/"}
} else := host

# Docker Hub's official images may be named without their part of it, `library`.
official(registry, name) := "library/" if {
	registry == "docker.io/"
	not contains(name, "/")
} else := ""

listed(repository, registries) if {
	some registry in registries
	startswith(repository, registry)
}

listed(_, registries) if "*/" in registries

listed(repository, registries) if {
	some registry in registries
	startswith(registry, "*.")
	endswith(concat("", [split(repository, "/")[0], "/"]), trim_prefix(registry, "*"))
}
