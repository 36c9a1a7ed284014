# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Names and patterns of names
# description: Matches names against the lists that parameters hold, where `*` at the end stands for any rest.
# scope: package
package lib.names

import data.lib.kubernetes as k8s

# Whether `name` is one of `patterns`, or starts with one that ends in `*`.
matches(name, patterns) if name in patterns

matches(name, patterns) if {
	is_string(name)
	some pattern in patterns
	is_string(pattern)
	endswith(pattern, "*")
	startswith(name, trim_suffix(pattern, "*"))
}

# Whether an object is one of `patterns`, which name it alone (`admin`) or behind its kind (`ClusterRole/admin`).
matches_object(_, name, patterns) if matches(name, patterns)

matches_object(kind, name, patterns) if {
	is_string(kind)
	is_string(name)
	matches(concat("/", [kind, name]), patterns)
}

# The same of the reviewed object.
matches_resource(patterns) if matches_object(k8s.kind, k8s.metadata.name, patterns)
