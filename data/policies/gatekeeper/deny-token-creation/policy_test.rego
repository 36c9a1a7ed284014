package deny_token_creation_test

import data.deny_token_creation
import data.lib.testing

role(kind, name, rule) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, rule],
}}}

grant(group, resource, verb) := {"apiGroups": [group], "resources": ["pods", resource], "verbs": ["get", verb]}

violations(parameters, asked) := found if {
	found := deny_token_creation.violation with input as object.union(asked, {"parameters": parameters})
}

test_denied if {
	every rule in [
		grant("", "serviceaccounts/token", "create"),
		grant("", "serviceaccounts/token", "*"),
		grant("", "*/token", "create"),
		grant("", "*", "create"),
		grant("*", "serviceaccounts/token", "create"),
		grant("*", "*", "*"),
	] {
		every kind in ["Role", "ClusterRole"] {
			testing.paths(violations({}, role(kind, "cart", rule))) == {"/rules/1/resources/1"}
		}
	}
}

test_message if {
	found := violations({}, role("Role", "cart", grant("", "serviceaccounts/token", "create")))
	testing.messages(found) == {concat("", [
		`Role "cart" makes tokens of any ServiceAccount: `,
		`a rule grants create on serviceaccounts/token`,
	])}
}

test_allowed if {
	every rule in [
		grant("", "serviceaccounts/token", "list"),
		grant("", "serviceaccounts", "create"),
		grant("", "token", "create"),
		grant("apps", "*", "*"),
		grant("authentication.k8s.io", "tokenreviews", "create"),
		{"resources": ["serviceaccounts/token"], "verbs": ["create"]},
		{"apiGroups": [""], "resources": ["serviceaccounts/token"]},
		{},
	] {
		count(violations({}, role("Role", "cart", rule))) == 0
	}
}

test_named if {
	rule := object.union(grant("", "serviceaccounts/token", "create"), {"resourceNames": ["cart"]})
	count(violations({}, role("Role", "cart", rule))) == 0
	count(violations({"allowNamed": false}, role("Role", "cart", rule))) == 1
	count(violations({"allowNamed": null}, role("Role", "cart", rule))) == 0
	every resource_names in [[], null, "cart", ["cart", ""]] {
		count(violations({}, role("Role", "cart", object.union(rule, {"resourceNames": resource_names})))) == 1
	}
}

test_exempt_roles if {
	rule := grant("", "serviceaccounts/token", "create")
	every name in ["admin", "cluster-admin", "edit", "system:node"] {
		count(violations({}, role("ClusterRole", name, rule))) == 0
		count(violations({"exemptRoles": "cart"}, role("ClusterRole", name, rule))) == 0
		count(violations({"exemptRoles": ["cart"]}, role("ClusterRole", name, rule))) == 1
	}
	every name in ["admin", "cluster-admin", "edit"] {
		count(violations({}, role("Role", name, rule))) == 1
	}
	count(violations({"exemptRoles": ["cart"]}, role("Role", "cart", rule))) == 0
}
