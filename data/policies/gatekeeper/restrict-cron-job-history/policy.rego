# METADATA
# title: Restrict the history of CronJobs
# description: A CronJob must keep at least one failed job, and at most ten finished ones of each sort.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#jobs-history-limits
#     description: The history limits of a CronJob
# custom:
#   id: restrict-cron-job-history
#   kind: JadeRestrictCronJobHistory
#   severity: low
#   severity_reason: The reason of a failure is lost, or old jobs pile up; the work itself is not touched.
#   reliability: high
#   tags: [jobs]
#   features: [failedJobsHistoryLimit=0, successfulJobsHistoryLimit=high]
#   kinds: [batch/CronJob]
#   rationale: >-
#     With no failed job kept, the pod and its log are gone before anybody can look why last night's run failed. With
#     very many kept, each run leaves another job and its pods in the API, where they count against quotas and slow
#     down every list. The defaults, three and one, are sound.
#   parameters:
#     minimumFailed:
#       type: integer
#       minimum: 0
#       default: 1
#       description: How many failed jobs must be kept at least.
#     maximumFailed:
#       type: integer
#       minimum: 0
#       default: 10
#       description: How many failed jobs may be kept at most.
#     maximumSuccessful:
#       type: integer
#       minimum: 0
#       default: 10
#       description: How many successful jobs may be kept at most.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: false
#       note: The default holds then, three successful jobs and one failed; where more must be kept, set that number.
package restrict_cron_job_history

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
