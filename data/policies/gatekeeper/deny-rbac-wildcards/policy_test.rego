package deny_rbac_wildcards_test

import data.deny_rbac_wildcards
import data.lib.testing

role(kind, name, rules) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"rules": rules,
}}}

violations(parameters, asked) := found if {
	found := deny_rbac_wildcards.violation with input as object.union(asked, {"parameters": parameters})
}

narrow := {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}

test_denied_at_each_wildcard if {
	every kind in ["Role", "ClusterRole"] {
		found := violations({}, role(kind, "cart", [
			narrow,
			object.union(narrow, {"resources": ["pods", "*"]}),
			object.union(narrow, {"resources": ["*/scale"], "verbs": ["get", "list", "*"]}),
		]))
		testing.paths(found) == {"/rules/1/resources/1", "/rules/2/resources/0", "/rules/2/verbs/2"}
	}
}

test_message if {
	found := violations({}, role("ClusterRole", "cart", [object.union(narrow, {"verbs": ["*"]})]))
	testing.messages(found) == {`ClusterRole "cart" has the wildcard "*" in verbs of a rule`}
}

test_allowed if {
	every rules in [null, [], "x", [narrow], [object.union(narrow, {"resources": ["pods/*"]})], [object.union(narrow, {"verbs": null})]] {
		count(violations({}, role("Role", "cart", rules))) == 0
	}
}

test_fields if {
	asked := role("ClusterRole", "cart", [
		object.union(narrow, {"apiGroups": ["*"], "verbs": ["*"]}),
		{"nonResourceURLs": ["/metrics", "/*"], "verbs": ["get"]},
		{"nonResourceURLs": ["*", "/metrics/*"], "verbs": ["get"]},
	])
	testing.paths(violations({}, asked)) == {"/rules/0/verbs/0"}
	testing.paths(violations({"fields": ["apiGroups", "nonResourceURLs"]}, asked)) == {
		"/rules/0/apiGroups/0",
		"/rules/1/nonResourceURLs/1",
		"/rules/2/nonResourceURLs/0",
	}
	testing.paths(violations({"fields": ["verb", 5]}, asked)) == set()
	testing.paths(violations({"fields": "verbs"}, asked)) == {"/rules/0/verbs/0"}
}

test_exempt_roles if {
	open := [object.union(narrow, {"verbs": ["*"]})]
	every name in ["admin", "cluster-admin", "edit", "system:node"] {
		count(violations({}, role("ClusterRole", name, open))) == 0
		count(violations({"exemptRoles": "cart"}, role("ClusterRole", name, open))) == 0
		count(violations({"exemptRoles": ["cart"]}, role("ClusterRole", name, open))) == 1
	}
	count(violations({}, role("Role", "system:controller:x", open))) == 0
	every name in ["admin", "cluster-admin", "edit"] {
		count(violations({}, role("Role", name, open))) == 1
	}
	count(violations({"exemptRoles": ["cart"]}, role("Role", "cart", open))) == 0
	count(violations({"exemptRoles": "cart"}, role("Role", "cart", open))) == 1
}
