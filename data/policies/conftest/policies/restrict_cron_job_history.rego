# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_cron_job_history

import data.lib.kubernetes as k8s

default minimum_failed := 1

minimum_failed := input.parameters.minimumFailed if is_number(input.parameters.minimumFailed)

default maximum_failed := 10

maximum_failed := input.parameters.maximumFailed if is_number(input.parameters.maximumFailed)

default maximum_successful := 10

maximum_successful := input.parameters.maximumSuccessful if is_number(input.parameters.maximumSuccessful)

# What the API server fills in, and what may be kept at least and at most.
bounds := {
	"failedJobsHistoryLimit": [1, minimum_failed, maximum_failed],
	"successfulJobsHistoryLimit": [3, 0, maximum_successful],
}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.group_kind == "batch/CronJob"
	is_object(k8s.resource.spec)
	some field, [fallback, least, most] in bounds
	value := limit(field, fallback)
	outside(value, least, most)
	msg := sprintf("%s keeps too few or too many jobs: %s is %v, not %v to %v", [k8s.label, field, value, least, most])
	path := concat("/", ["/spec", field])
}

limit(field, fallback) := value if {
	value := k8s.resource.spec[field]
	value != null
} else := fallback

outside(value, least, _) if value < least

outside(value, _, most) if value > most

outside(value, _, _) if not is_number(value)
