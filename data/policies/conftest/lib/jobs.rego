# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Jobs
# description: The job that a Job, CronJob or ScaledJob runs, and whether a pod runs to completion.
# scope: package
package lib.jobs

import data.lib.kubernetes as k8s

# Where each kind keeps the spec of its job, by "group/Kind".
spec_paths := {
	"batch/CronJob": ["spec", "jobTemplate", "spec"],
	"batch/Job": ["spec"],
	"keda.sh/ScaledJob": ["spec", "jobTargetRef"],
}

spec_path := spec_paths[k8s.group_kind]

# JSON pointer of the job's spec.
spec_pointer := concat("", [concat("", ["/", key]) | some key in spec_path])

spec := found if {
	found := object.get(k8s.resource, spec_path, null)
	is_object(found)
}

default run_to_completion := false

# Whether the pods end by themselves. The pods of a Job say one of these, or the API server refuses it.
run_to_completion if k8s.pod_spec.restartPolicy in {"Never", "OnFailure"}
