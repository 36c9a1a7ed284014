# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Linux capabilities of containers
# description: >-
#   Which capabilities each container adds and drops, computed once for all policies that ask. Windows has none. Runtimes
#   take names in any case, so they are given in capitals. Some take the prefix `CAP_` too: what is added counts with it
#   and without, what is dropped only without, as it stays where the runtime does not know the name.
# scope: package
package lib.capabilities

import data.lib.kubernetes as k8s

# Every capability that a container adds:
# {"container": {…}, "name": "SYS_ADMIN", "pointer": "/spec/containers/0/…/add/1", "value": "sys_admin"}.
# What is no text has itself as its name.
added := array.concat(listed, unlisted)

listed := [capability |
	some container in k8s.linux_containers
	values := container.security_context.capabilities.add
	is_array(values)
	some index, value in values
	value != null
	capability := {
		"container": container,
		"name": canonical(value),
		"pointer": concat("/", [container.pointer, "securityContext/capabilities/add", format_int(index, 10)]),
		"value": value,
	}
]

# What stands in place of the list is taken for one capability.
unlisted := [capability |
	some container in k8s.linux_containers
	value := container.security_context.capabilities.add
	value != null
	not is_array(value)
	capability := {
		"container": container,
		"name": canonical(value),
		"pointer": concat("/", [container.pointer, "securityContext/capabilities/add"]),
		"value": value,
	}
]

# The names of the capabilities that a container drops, by its pointer.
dropped := {container.pointer: names |
	some container in k8s.linux_containers
	values := container.security_context.capabilities.drop
	is_array(values)
	names := {upper(value) | some value in values; is_string(value)}
}

canonical(value) := replace(upper(value), "CAP_", "") if {
	is_string(value)
} else := value
