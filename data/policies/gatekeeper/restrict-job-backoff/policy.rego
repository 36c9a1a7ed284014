# METADATA
# title: Restrict the retries of jobs
# description: No job may be retried more than six times, as a whole or for each of its indexes.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
#     description: Pod backoff failure policy
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/job/#backoff-limit-per-index
#     description: Backoff limit per index
# custom:
#   id: restrict-job-backoff
#   kind: JadeRestrictJobBackoff
#   severity: low
#   severity_reason: A job that cannot succeed wastes what its pods reserve, and its failure is seen late.
#   reliability: high
#   tags: [jobs, nsa:resource-policies]
#   features: [backoffLimit=high]
#   kinds: [batch/Job, batch/CronJob, keda.sh/ScaledJob]
#   rationale: >-
#     A job counts as failed only when its retries are used up. Each one waits twice as long as the one before, up to
#     six minutes, so a limit of fifty hides a fault for hours, leaves as many failed pods behind and repeats what
#     was half done. What fails six times will not succeed at the seventh.
#   parameters:
#     maximum:
#       type: integer
#       minimum: 0
#       default: 6
#       description: The highest `backoffLimit` and `backoffLimitPerIndex`. Six is what a job has that says nothing.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       parameter: maximum
#       behaviour_changing: true
#       needs_human: false
#       note: Work that depends on something flaky should wait for it inside the container instead.
package restrict_job_backoff

import data.lib.jobs
import data.lib.kubernetes as k8s

# What the API server fills in.
default_limit := 6

default maximum := 6

maximum := input.parameters.maximum if is_number(input.parameters.maximum)

violation contains {"msg": msg, "details": {"path": path}} if {
	some field, limit in limits
	excessive(limit)
	msg := sprintf("%s may be retried too often: %s is %v, more than %v", [k8s.label, field, limit, maximum])
	path := concat("/", [jobs.spec_pointer, field])
}

limits[field] := limit if {
	some field in ["backoffLimit", "backoffLimitPerIndex"]
	limit := jobs.spec[field]
	limit != null
}

limits["backoffLimit"] := default_limit if {
	object.get(jobs.spec, "backoffLimit", null) == null

	# Where each index has a limit, the whole has none unless it says so.
	object.get(jobs.spec, "backoffLimitPerIndex", null) == null
}

excessive(limit) if limit > maximum

# What is no number is not trusted to be low.
excessive(limit) if not is_number(limit)
