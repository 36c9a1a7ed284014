# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_rolling_update

import data.lib.kubernetes as k8s

default explicit := false

explicit := input.parameters.explicit if is_boolean(input.parameters.explicit)

strategy_fields := {
	"apps/DaemonSet": "updateStrategy",
	"apps/Deployment": "strategy",
	"apps/StatefulSet": "updateStrategy",
	"extensions/Deployment": "strategy",
}

field := strategy_fields[k8s.group_kind]

strategy := object.get(k8s.resource, ["spec", field], null)

type := null if strategy == null

type := object.get(strategy, "type", null) if is_object(strategy)

# What is no strategy is no rolling update either.
type := strategy if {
	strategy != null
	not is_object(strategy)
}

path := sprintf("/spec/%s/type", [field])

violation contains {"msg": msg, "details": {"path": path}} if {
	not type in {null, "", "RollingUpdate"}
	msg := sprintf("%s does not roll its updates out: spec.%s.type is %v", [k8s.label, field, type])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	explicit
	type in {null, ""}
	msg := sprintf("%s does not say that it rolls its updates out: spec.%s.type is not set", [k8s.label, field])
}
