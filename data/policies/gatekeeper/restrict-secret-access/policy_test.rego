package restrict_secret_access_test

import data.lib.testing
import data.restrict_secret_access

role(kind, name, rule) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, rule],
}}}

grant(group, resource, verb) := {"apiGroups": [group], "resources": ["configmaps", resource], "verbs": ["create", verb]}

violations(parameters, asked) := found if {
	found := restrict_secret_access.violation with input as object.union(asked, {"parameters": parameters})
}

test_denied if {
	every rule in [
		grant("", "secrets", "get"),
		grant("", "secrets", "list"),
		grant("", "secrets", "watch"),
		grant("", "secrets", "*"),
		grant("", "*", "get"),
		grant("*", "secrets", "get"),
		grant("*", "*", "*"),
	] {
		every kind in ["Role", "ClusterRole"] {
			testing.paths(violations({}, role(kind, "cart", rule))) == {"/rules/1/resources/1"}
		}
	}
}

test_message if {
	rule := {"apiGroups": ["", "apps"], "resources": ["secrets"], "verbs": ["get", "create", "list"]}
	testing.messages(violations({}, role("Role", "cart", rule))) == {`Role "cart" grants get, list on all Secrets`}
}

test_allowed if {
	every rule in [
		grant("", "secrets", "create"),
		grant("", "pods", "get"),
		grant("", "secrets/status", "get"),
		grant("apps", "secrets", "get"),
		grant("apps", "*", "*"),
		{"resources": ["secrets"], "verbs": ["get"]},
		{"apiGroups": [""], "resources": ["secrets"]},
		{},
	] {
		count(violations({}, role("Role", "cart", rule))) == 0
	}
}

test_verbs if {
	asked := role("Role", "cart", grant("", "secrets", "delete"))
	count(violations({}, asked)) == 0
	count(violations({"verbs": ["delete"]}, asked)) == 1
	count(violations({"verbs": ["delete"]}, role("Role", "cart", grant("", "secrets", "get")))) == 0
	count(violations({"verbs": "delete"}, role("Role", "cart", grant("", "secrets", "get")))) == 1
}

test_named if {
	rule := object.union(grant("", "secrets", "get"), {"resourceNames": ["cart-db"]})
	count(violations({}, role("Role", "cart", rule))) == 0
	count(violations({"allowNamed": false}, role("Role", "cart", rule))) == 1
	count(violations({"allowNamed": null}, role("Role", "cart", rule))) == 0
	every resource_names in [[], null, "cart-db", ["cart-db", ""]] {
		count(violations({}, role("Role", "cart", object.union(rule, {"resourceNames": resource_names})))) == 1
	}
}

test_exempt_roles if {
	rule := grant("", "secrets", "get")
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
