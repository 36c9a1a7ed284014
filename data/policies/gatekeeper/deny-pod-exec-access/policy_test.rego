package deny_pod_exec_access_test

import data.deny_pod_exec_access
import data.lib.testing

role(kind, name, rule) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, rule],
}}}

grant(group, resource, verb) := {"apiGroups": [group], "resources": ["pods", resource], "verbs": ["delete", verb]}

violations(parameters, asked) := found if {
	found := deny_pod_exec_access.violation with input as object.union(asked, {"parameters": parameters})
}

test_denied if {
	every rule in [
		grant("", "pods/exec", "create"),
		grant("", "pods/exec", "get"),
		grant("", "pods/exec", "*"),
		grant("", "pods/attach", "create"),
		grant("", "pods/portforward", "create"),
		grant("", "pods/ephemeralcontainers", "patch"),
		grant("", "pods/ephemeralcontainers", "update"),
		grant("", "pods/ephemeralcontainers", "*"),
		grant("", "*", "get"),
		grant("", "*", "update"),
		grant("", "*/exec", "create"),
		grant("*", "pods/exec", "create"),
		object.union(grant("", "pods/exec", "create"), {"resourceNames": ["cart-0"]}),
	] {
		every kind in ["Role", "ClusterRole"] {
			testing.paths(violations({}, role(kind, "cart", rule))) == {"/rules/1/resources/1"}
		}
	}
}

test_message if {
	found := violations({}, role("Role", "cart", grant("", "*", "get")))
	testing.messages(found) == {`Role "cart" opens running pods: a rule grants pods/attach, pods/exec, pods/portforward`}
}

test_allowed if {
	every rule in [
		grant("", "pods/log", "get"),
		grant("", "pods/exec", "list"),
		grant("", "pods/ephemeralcontainers", "get"),
		grant("", "pods/*", "create"),
		grant("", "*/scale", "create"),
		grant("", "exec", "create"),
		grant("apps", "pods/exec", "create"),
		grant("apps", "*", "*"),
		{"resources": ["pods/exec"], "verbs": ["create"]},
		{"apiGroups": [""], "resources": ["pods/exec"]},
		{},
	] {
		count(violations({}, role("Role", "cart", rule))) == 0
	}
}

test_subresources if {
	parameters := {"subresources": ["pods/proxy", 5]}
	count(violations(parameters, role("Role", "cart", grant("", "pods/exec", "create")))) == 0
	every rule in [grant("", "pods/proxy", "get"), grant("", "*/proxy", "create")] {
		count(violations({}, role("Role", "cart", rule))) == 0
		count(violations(parameters, role("Role", "cart", rule))) == 1
	}
	count(violations({"subresources": "pods/proxy"}, role("Role", "cart", grant("", "pods/exec", "create")))) == 1
}

test_exempt_roles if {
	rule := grant("", "pods/exec", "create")
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
