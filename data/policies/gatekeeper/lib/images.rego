# METADATA
# title: Container image references
# description: Splits an image reference into name, tag and digest, and matches it against patterns.
# scope: package
package lib.images

import data.lib.kubernetes as k8s

# The tags of the containers' images by image: `1.2` for `registry:5000/team/app:1.2@sha256:…`, nothing where a reference
# has no tag. A colon before the last slash belongs to a registry's port.
tags := {image: tag |
	some container in k8s.containers
	image := container.spec.image
	is_string(image)
	pattern := `^(?:[^/@]*/)*[^/:@]*:([^/:@]+)(?:@|$)`
	[[_, tag]] := regex.find_all_string_submatch_n(pattern, image, 1)
}

pinned_by_digest(image) if {
	is_string(image)
	contains(image, "@") # most have no digest, and need not wait for the regular expression
	regex.match(`@[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$`, image)
}

# Whether the container's image is one of `patterns`: the whole reference, or a prefix of it followed by `*`.
exempt(container, patterns) if {
	some pattern in patterns
	matched(pattern, container.spec.image)
}

matched(pattern, image) if pattern == image

matched(pattern, image) if {
	is_string(pattern)
	is_string(image)
	endswith(pattern, "*")
	startswith(image, trim_suffix(pattern, "*"))
}

# Whether every one of `containers` is exempt, so that what their pod says concerns none that is judged.
all_exempt(containers, patterns) if {
	count(patterns) > 0
	count(containers) > 0
	every container in containers {
		exempt(container, patterns)
	}
}
