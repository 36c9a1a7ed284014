package lib.jobs_test

import data.lib.jobs
import data.lib.testing

job := {"backoffLimit": 2}

reviewed(api_version, kind, fields) := {"review": {"object": object.union({"apiVersion": api_version, "kind": kind}, fields)}}

test_each_kind_leads_to_its_job if {
	every case in [
		{"input": reviewed("batch/v1", "Job", {"spec": job}), "pointer": "/spec"},
		{
			"input": reviewed("batch/v1beta1", "CronJob", {"spec": {"jobTemplate": {"spec": job}}}),
			"pointer": "/spec/jobTemplate/spec",
		},
		{
			"input": reviewed("keda.sh/v1alpha1", "ScaledJob", {"spec": {"jobTargetRef": job}}),
			"pointer": "/spec/jobTargetRef",
		},
	] {
		asked := case.input
		jobs.spec == job with input as asked
		jobs.spec_pointer == case.pointer with input as asked
	}
}

test_what_holds_no_job if {
	every asked in [
		testing.deployment({}),
		reviewed("v1", "Job", {"spec": job}),
		reviewed("batch/v1", "Job", {"spec": "x"}),
		reviewed("batch/v1", "CronJob", {"spec": {"jobTemplate": null}}),
		{"review": {"object": null}},
	] {
		not jobs.spec with input as asked
	}
}

test_pods_that_end_by_themselves if {
	jobs.run_to_completion with input as testing.pod({"restartPolicy": "Never"})
	jobs.run_to_completion with input as testing.deployment({"restartPolicy": "OnFailure"})
	every value in ["Always", "", null, ["Never"]] {
		not jobs.run_to_completion with input as testing.pod({"restartPolicy": value})
	}
	not jobs.run_to_completion with input as testing.pod({})
	not jobs.run_to_completion with input as {"review": {"object": null}}
}
