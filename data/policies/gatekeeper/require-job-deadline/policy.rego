# METADATA
# title: Require a deadline for jobs
# description: Every job must end by `activeDeadlineSeconds`, within a week at most.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup
#     description: How a Job ends
# custom:
#   id: require-job-deadline
#   kind: JadeRequireJobDeadline
#   severity: low
#   severity_reason: A job that hangs costs what its pods reserve, until somebody notices that its work is not done.
#   reliability: high
#   tags: [jobs, availability, nsa:resource-policies]
#   features: [activeDeadlineSeconds.missing=true]
#   kinds: [batch/Job, batch/CronJob, keda.sh/ScaledJob]
#   rationale: >-
#     A job that waits for a lock or a dead peer never fails, so its back-off limit never counts. It keeps its memory
#     and CPU, and a CronJob that forbids overlaps does not start again. The deadline of the job ends its pods and its
#     retries; one in the pod template only ends a pod, and the job starts the next.
#   parameters:
#     maximumSeconds:
#       type: integer
#       minimum: 1
#       default: 604800
#       description: The longest deadline that a job may have; a week, since more is no bound for a job.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: How long the work takes at its worst is known only to its owner; the job is killed at the deadline.
package require_job_deadline

import data.lib.jobs
import data.lib.kubernetes as k8s

default maximum := 604800

maximum := input.parameters.maximumSeconds if is_number(input.parameters.maximumSeconds)

violation contains {"msg": msg, "details": {"path": path}} if {
	deadline := object.get(jobs.spec, "activeDeadlineSeconds", null)
	message := problem(deadline)
	msg := sprintf("%s %s", [k8s.label, message])
	path := concat("/", [jobs.spec_pointer, "activeDeadlineSeconds"])
}

problem(deadline) := "may run forever: set activeDeadlineSeconds" if {
	deadline == null
} else := sprintf("has activeDeadlineSeconds %v, which is no number of seconds", [deadline]) if {
	not is_number(deadline)
} else := sprintf("may run for %v seconds, more than %v", [deadline, maximum]) if {
	deadline > maximum
}
