# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_rbac_wildcards

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default fields := ["resources", "verbs"]

fields := input.parameters.fields if is_array(input.parameters.fields)

default exempt_roles := ["ClusterRole/admin", "ClusterRole/cluster-admin", "ClusterRole/edit", "system:*"]

exempt_roles := input.parameters.exemptRoles if is_array(input.parameters.exemptRoles)

keys := {"apiGroups": "api_groups", "nonResourceURLs": "urls", "resources": "resources", "verbs": "verbs"}

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rbac.rules
	some field in fields
	some index, entry in rule[keys[field]]
	wildcard(entry)
	not names.matches_resource(exempt_roles)
	msg := sprintf("%s has the wildcard %q in %s of a rule", [k8s.label, entry, field])
	path := concat("/", [rule.pointer, field, format_int(index, 10)])
}

# All resources, verbs or groups, or all URLs.
wildcard(entry) if entry in {"*", "/*"}

# A subresource of all resources, as in `*/scale`.
wildcard(entry) if startswith(entry, "*/")
