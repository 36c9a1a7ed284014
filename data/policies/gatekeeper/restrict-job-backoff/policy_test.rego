package restrict_job_backoff_test

import data.lib.testing
import data.restrict_job_backoff

job(spec) := job_with({}, spec)

job_with(parameters, spec) := {"parameters": parameters, "review": {"object": {
	"apiVersion": "batch/v1",
	"kind": "Job",
	"metadata": {"name": "report", "namespace": "shop"},
	"spec": spec,
}}}

test_denied if {
	found := restrict_job_backoff.violation with input as job({"backoffLimit": 7})
	testing.paths(found) == {"/spec/backoffLimit"}
	testing.messages(found) == {`Job "shop/report" may be retried too often: backoffLimit is 7, more than 6`}
}

test_denied_for_each_index if {
	found := restrict_job_backoff.violation with input as job({"backoffLimitPerIndex": 7})
	testing.paths(found) == {"/spec/backoffLimitPerIndex"}
	both := restrict_job_backoff.violation with input as job({"backoffLimitPerIndex": 7, "backoffLimit": 100})
	testing.paths(both) == {"/spec/backoffLimitPerIndex", "/spec/backoffLimit"}
}

test_what_is_no_number_is_not_trusted if {
	every value in ["6", "", false, true, [1], {}] {
		found := restrict_job_backoff.violation with input as job({"backoffLimit": value})
		testing.paths(found) == {"/spec/backoffLimit"}
	}
}

test_allowed if {
	every spec in [
		{},
		{"backoffLimit": null},
		{"backoffLimit": 0},
		{"backoffLimit": 6},
		{"backoffLimitPerIndex": 1},
		{"backoffLimitPerIndex": 6, "backoffLimit": null},
	] {
		count(restrict_job_backoff.violation) == 0 with input as job(spec)
	}
}

test_the_job_of_others if {
	spec := {"backoffLimit": 50}
	every case in [
		{
			"object": {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": spec}}},
			"path": "/spec/jobTemplate/spec/backoffLimit",
		},
		{
			"object": {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledJob", "spec": {"jobTargetRef": spec}},
			"path": "/spec/jobTargetRef/backoffLimit",
		},
	] {
		found := restrict_job_backoff.violation with input as {"review": {"object": case.object}}
		testing.paths(found) == {case.path}
	}
}

test_other_kinds_have_no_jobs if {
	count(restrict_job_backoff.violation) == 0 with input as testing.deployment({})
	count(restrict_job_backoff.violation) == 0 with input as job_with({"maximum": 1}, null)
}

test_maximum if {
	parameters := {"maximum": 2}
	count(restrict_job_backoff.violation) == 0 with input as job_with(parameters, {"backoffLimit": 2})
	count(restrict_job_backoff.violation) == 1 with input as job_with(parameters, {"backoffLimit": 3})
}

test_a_job_that_says_nothing_has_the_api_s_limit if {
	found := restrict_job_backoff.violation with input as job_with({"maximum": 5}, {"backoffLimit": null})
	testing.messages(found) == {`Job "shop/report" may be retried too often: backoffLimit is 6, more than 5`}
	count(restrict_job_backoff.violation) == 1 with input as job_with({"maximum": 5}, {"backoffLimitPerIndex": null})
	count(restrict_job_backoff.violation) == 0 with input as job_with({"maximum": 5}, {"backoffLimitPerIndex": 1})
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"maximum": "60"}, {"maximum": null}] {
		count(restrict_job_backoff.violation) == 1 with input as job_with(parameters, {"backoffLimit": 7})
	}
}
