# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Roles and bindings
# description: >-
#   The rules of the reviewed Role or ClusterRole, and the subjects and the role of the reviewed RoleBinding or
#   ClusterRoleBinding, each with its JSON pointer. Lists hold strings alone: a field that is missing, null or of the
#   wrong type is an empty list or "".
# scope: package
package lib.rbac

import data.lib.kubernetes as k8s

group := "rbac.authorization.k8s.io"

role if k8s.group_kind in {"rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"}

binding if k8s.group_kind in {"rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"}

# [{"pointer": "/rules/0", "api_groups": ["apps"], "resources": ["deployments"], "resource_names": [], "verbs": ["get"],
#   "urls": []}]
rules := [rule |
	role
	is_array(k8s.resource.rules)
	some index, written in k8s.resource.rules
	is_object(written)
	rule := {
		"pointer": concat("/", ["/rules", format_int(index, 10)]),
		"api_groups": strings(object.get(written, "apiGroups", null)),
		"resources": strings(object.get(written, "resources", null)),
		"resource_names": strings(object.get(written, "resourceNames", null)),
		"verbs": strings(object.get(written, "verbs", null)),
		"urls": strings(object.get(written, "nonResourceURLs", null)),
	}
]

# [{"pointer": "/subjects/0", "kind": "ServiceAccount", "api_group": "", "name": "cart", "namespace": "shop"}]
subjects := [subject |
	binding
	is_array(k8s.resource.subjects)
	some index, written in k8s.resource.subjects
	is_object(written)
	subject := {
		"pointer": concat("/", ["/subjects", format_int(index, 10)]),
		"kind": text(object.get(written, "kind", null)),
		"api_group": text(object.get(written, "apiGroup", null)),
		"name": text(object.get(written, "name", null)),
		"namespace": text(object.get(written, "namespace", null)),
	}
]

# {"pointer": "/roleRef", "kind": "ClusterRole", "api_group": "rbac.authorization.k8s.io", "name": "view"}
role_ref := {
	"pointer": "/roleRef",
	"kind": text(object.get(written, "kind", null)),
	"api_group": text(object.get(written, "apiGroup", null)),
	"name": text(object.get(written, "name", null)),
} if {
	binding
	written := k8s.resource.roleRef
	is_object(written)
}

strings(value) := [entry | is_array(value); some entry in value; is_string(entry)]

text(value) := value if {
	is_string(value)
} else := ""

# Whether a rule is confined to objects that it names. The empty name is that of a request for all of them.
named(rule) if {
	count(rule.resource_names) > 0
	not "" in rule.resource_names
}
