# METADATA
# title: Require rolling updates
# description: A Deployment, StatefulSet or DaemonSet must replace its pods with the strategy `RollingUpdate`.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
#     description: Strategies of a Deployment
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies
#     description: Update strategies of a StatefulSet
#   - ref: https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
#     description: Perform a rolling update on a DaemonSet
# custom:
#   id: require-rolling-update
#   kind: JadeRequireRollingUpdate
#   severity: low
#   severity_reason: Each release takes the service down for a moment, or is not rolled out at all; both show at once.
#   reliability: medium
#   tags: [availability, rollout]
#   features: [strategy.type=Recreate, updateStrategy.type=OnDelete]
#   kinds: [apps/Deployment, apps/StatefulSet, apps/DaemonSet, extensions/Deployment]
#   rationale: >-
#     `Recreate` stops every old pod before the first new one starts, and a release that does not start leaves nothing
#     running. `OnDelete` changes nothing until somebody deletes pods, so a fix waits for that. A rolling update replaces
#     pods a few at a time and stops where the new ones do not become ready. A workload that must never run twice, for
#     the sake of a lock or a volume, needs `Recreate` and an exemption.
#   parameters:
#     explicit:
#       type: boolean
#       default: false
#       description: Whether the type must be written down; Kubernetes takes `RollingUpdate` where it is not.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: RollingUpdate
#       behaviour_changing: true
#       needs_human: true
#       note: Only the owner knows whether an old and a new pod may run side by side.
package require_rolling_update

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
