# METADATA
# title: Require that finished jobs are removed
# description: Every Job that nothing owns must set `ttlSecondsAfterFinished`, to a week at most.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
#     description: Automatic clean-up for finished Jobs
# custom:
#   id: require-job-ttl
#   kind: JadeRequireJobTtl
#   severity: low
#   severity_reason: What stays behind clutters the API and fills quotas; nothing fails for a long time.
#   reliability: medium
#   tags: [jobs]
#   features: [ttlSecondsAfterFinished.missing=true]
#   kinds: [batch/Job]
#   rationale: >-
#     A finished Job stays with all of its pods until somebody deletes it: objects that count against quotas and slow
#     down lists, logs and settings that lie about. A CronJob keeps a history of its own, so its jobs are left alone, as
#     are others that an owner looks after. Tools that delete Jobs themselves are not seen, hence the reliability.
#   parameters:
#     maximumSeconds:
#       type: integer
#       minimum: 0
#       default: 604800
#       description: How long a finished Job may stay at most; a week, so that there is time to look why it failed.
#   remediation:
#     - path: "{resource}/spec/ttlSecondsAfterFinished"
#       operation: set
#       value: 86400
#       behaviour_changing: true
#       needs_human: false
#       note: The Job, its pods and their logs are gone a day after its end.
package require_job_ttl

import data.lib.kubernetes as k8s

default maximum := 604800

maximum := input.parameters.maximumSeconds if is_number(input.parameters.maximumSeconds)

violation contains {"msg": msg, "details": {"path": "/spec/ttlSecondsAfterFinished"}} if {
	k8s.group_kind == "batch/Job"
	is_object(k8s.resource.spec)
	not owned
	ttl := object.get(k8s.resource.spec, "ttlSecondsAfterFinished", null)
	message := problem(ttl)
	msg := sprintf("%s %s", [k8s.label, message])
}

# A CronJob or a workflow removes its jobs itself.
owned if {
	some owner in k8s.metadata.ownerReferences
	owner.controller == true
}

problem(ttl) := "stays when it has finished: set ttlSecondsAfterFinished" if {
	ttl == null
} else := sprintf("has ttlSecondsAfterFinished %v, which is no number of seconds", [ttl]) if {
	not is_number(ttl)
} else := sprintf("stays for %v seconds when it has finished, more than %v", [ttl, maximum]) if {
	ttl > maximum
}
