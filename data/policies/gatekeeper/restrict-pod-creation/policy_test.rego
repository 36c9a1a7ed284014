package restrict_pod_creation_test

import data.lib.testing
import data.restrict_pod_creation

role(kind, name, rule) := {"review": {"object": {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": kind,
	"metadata": {"name": name},
	"rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, rule],
}}}

grant(group, resource, verb) := {"apiGroups": [group], "resources": ["events", resource], "verbs": ["get", verb]}

violations(parameters, asked) := found if {
	found := restrict_pod_creation.violation with input as object.union(asked, {"parameters": parameters})
}

test_denied if {
	every rule in [
		grant("", "pods", "create"),
		grant("", "replicationcontrollers", "create"),
		grant("apps", "daemonsets", "create"),
		grant("apps", "deployments", "create"),
		grant("apps", "replicasets", "create"),
		grant("apps", "statefulsets", "create"),
		grant("batch", "cronjobs", "create"),
		grant("batch", "jobs", "create"),
		grant("", "pods", "*"),
		grant("", "*", "create"),
		grant("*", "deployments", "create"),
		grant("*", "*", "*"),
	] {
		every kind in ["Role", "ClusterRole"] {
			testing.paths(violations({}, role(kind, "cart", rule))) == {"/rules/1/verbs/1"}
		}
	}
}

test_message if {
	rule := {"apiGroups": ["", "batch"], "resources": ["pods", "jobs", "services"], "verbs": ["create"]}
	testing.messages(violations({}, role("Role", "cart", rule))) == {`Role "cart" grants create on pods, jobs.batch`}
}

test_allowed if {
	every rule in [
		grant("", "pods", "list"),
		grant("", "pods/exec", "create"),
		grant("", "services", "create"),
		grant("", "deployments", "create"),
		grant("apps", "pods", "create"),
		grant("shop.example.com", "*", "*"),
		grant("", "pods", "patch"),
		object.union(grant("", "pods", "create"), {"resourceNames": ["cart-0"]}),
		{"resources": ["pods"], "verbs": ["create"]},
		{"apiGroups": [""], "verbs": ["create"]},
		{},
	] {
		count(violations({}, role("Role", "cart", rule))) == 0
	}
}

test_resources if {
	parameters := {"resources": ["rollouts.argoproj.io", 5]}
	count(violations(parameters, role("Role", "cart", grant("argoproj.io", "rollouts", "create")))) == 1
	count(violations(parameters, role("Role", "cart", grant("", "pods", "create")))) == 0
	count(violations({"resources": "rollouts"}, role("Role", "cart", grant("", "pods", "create")))) == 1
}

test_verbs if {
	count(violations({"verbs": ["patch"]}, role("Role", "cart", grant("", "pods", "patch")))) == 1
	count(violations({"verbs": ["patch"]}, role("Role", "cart", grant("", "pods", "create")))) == 0
	count(violations({"verbs": "patch"}, role("Role", "cart", grant("", "pods", "create")))) == 1
}

test_exempt_roles if {
	rule := grant("", "pods", "create")
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
