package deny_rbac_escalation_test

import data.deny_rbac_escalation
import data.lib.testing

role(kind, name, rule) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, rule],
}}}

grant(group, resource, verb) := {"apiGroups": [group], "resources": [resource], "verbs": ["get", verb]}

violations(parameters, asked) := found if {
	found := deny_rbac_escalation.violation with input as object.union(asked, {"parameters": parameters})
}

rules_group := "rbac.authorization.k8s.io"

test_denied if {
	every rule in [
		grant(rules_group, "roles", "bind"),
		grant(rules_group, "clusterroles", "bind"),
		grant(rules_group, "*", "bind"),
		grant("*", "roles", "bind"),
		grant(rules_group, "roles", "escalate"),
		grant(rules_group, "clusterroles", "escalate"),
		grant("*", "*", "escalate"),
		grant("", "users", "impersonate"),
		grant("", "groups", "impersonate"),
		grant("", "serviceaccounts", "impersonate"),
		grant("*", "*", "impersonate"),
		grant(rules_group, "roles", "*"),
		grant("", "users", "*"),
		grant("*", "*", "*"),
		object.union(grant("", "users", "impersonate"), {"resourceNames": ["cart"]}),
	] {
		every kind in ["Role", "ClusterRole"] {
			testing.paths(violations({}, role(kind, "cart", rule))) == {"/rules/1/verbs/1"}
		}
	}
}

test_messages if {
	one := violations({}, role("ClusterRole", "cart", grant(rules_group, "roles", "bind")))
	testing.messages(one) == {`ClusterRole "cart" lets its holders gain rights: a rule grants bind`}
	two := violations({}, role("ClusterRole", "cart", grant(rules_group, "roles", "*")))
	testing.messages(two) == {`ClusterRole "cart" lets its holders gain rights: a rule grants bind, escalate`}
}

test_allowed if {
	every rule in [
		grant(rules_group, "roles", "create"),
		grant(rules_group, "rolebindings", "*"),
		grant("", "roles", "bind"),
		grant("apps", "*", "*"),
		grant("", "pods", "impersonate"),
		grant(rules_group, "users", "impersonate"),
		grant("", "roles", "escalate"),
		{"apiGroups": [rules_group], "resources": null, "verbs": ["bind"]},
		{"resources": ["roles"], "verbs": ["bind"]},
		{},
		null,
	] {
		count(violations({}, role("ClusterRole", "cart", rule))) == 0
	}
}

test_verbs if {
	asked := role("ClusterRole", "cart", grant(rules_group, "roles", "bind"))
	count(violations({"verbs": ["escalate", "impersonate"]}, asked)) == 0
	count(violations({"verbs": ["bind"]}, asked)) == 1
	count(violations({"verbs": "escalate"}, asked)) == 1
}

test_named if {
	rule := object.union(grant(rules_group, "clusterroles", "bind"), {"resourceNames": ["view"]})
	count(violations({"allowNamed": true}, role("ClusterRole", "cart", rule))) == 0
	count(violations({"allowNamed": false}, role("ClusterRole", "cart", rule))) == 1
	count(violations({"allowNamed": "true"}, role("ClusterRole", "cart", rule))) == 1
	every resource_names in [[], null, "view", [""]] {
		unnamed := object.union(rule, {"resourceNames": resource_names})
		count(violations({"allowNamed": true}, role("ClusterRole", "cart", unnamed))) == 1
	}
}

test_exempt_roles if {
	rule := grant("*", "*", "*")
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
