package restrict_cron_job_history_test

import data.lib.testing
import data.restrict_cron_job_history

cron(spec) := cron_with({}, spec)

cron_with(parameters, spec) := {"parameters": parameters, "review": {"object": {
	"apiVersion": "batch/v1",
	"kind": "CronJob",
	"metadata": {"name": "report", "namespace": "shop"},
	"spec": spec,
}}}

failed(value) := {"failedJobsHistoryLimit": value}

successful(value) := {"successfulJobsHistoryLimit": value}

test_failed_jobs_denied if {
	every value in [-1, 0, 11, "1", true, false, "", [5], {}] {
		found := restrict_cron_job_history.violation with input as cron(failed(value))
		testing.paths(found) == {"/spec/failedJobsHistoryLimit"}
	}
}

test_successful_jobs_denied if {
	every value in [-1, 11, "1", true, false, "", [5], {}] {
		found := restrict_cron_job_history.violation with input as cron(successful(value))
		testing.paths(found) == {"/spec/successfulJobsHistoryLimit"}
	}
}

test_message if {
	found := restrict_cron_job_history.violation with input as cron(failed(0))
	message := `CronJob "shop/report" keeps too few or too many jobs: failedJobsHistoryLimit is 0, not 1 to 10`
	testing.messages(found) == {message}
}

test_both_denied if {
	spec := object.union(failed(0), successful(100))
	count(restrict_cron_job_history.violation) == 2 with input as cron(spec)
}

test_allowed if {
	every spec in [{}, failed(null), failed(1), failed(10), successful(null), successful(0), successful(10)] {
		count(restrict_cron_job_history.violation) == 0 with input as cron(spec)
	}
}

test_other_kinds_keep_no_history if {
	job := {"apiVersion": "batch/v1", "kind": "Job", "spec": failed(0)}
	count(restrict_cron_job_history.violation) == 0 with input as {"review": {"object": job}}
	foreign := {"apiVersion": "example.com/v1", "kind": "CronJob", "spec": failed(0)}
	count(restrict_cron_job_history.violation) == 0 with input as {"review": {"object": foreign}}
	count(restrict_cron_job_history.violation) == 0 with input as cron(null)
}

test_bounds_of_failed_jobs if {
	parameters := {"minimumFailed": 2, "maximumFailed": 4}
	every value in [2, 4] {
		count(restrict_cron_job_history.violation) == 0 with input as cron_with(parameters, failed(value))
	}
	every spec in [failed(1), failed(5), {}, failed(null)] {
		found := restrict_cron_job_history.violation with input as cron_with(parameters, spec)
		testing.paths(found) == {"/spec/failedJobsHistoryLimit"}
	}
}

test_bound_of_successful_jobs if {
	parameters := {"maximumSuccessful": 2}
	count(restrict_cron_job_history.violation) == 0 with input as cron_with(parameters, successful(2))
	every spec in [successful(3), {}] {
		found := restrict_cron_job_history.violation with input as cron_with(parameters, spec)
		testing.paths(found) == {"/spec/successfulJobsHistoryLimit"}
	}
	count(restrict_cron_job_history.violation) == 0 with input as cron_with({"maximumSuccessful": 3}, {})
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"minimumFailed": null, "maximumFailed": null, "maximumSuccessful": null}, {"minimumFailed": [], "maximumFailed": "50", "maximumSuccessful": {}}] {
		count(restrict_cron_job_history.violation) == 2 with input as cron_with(parameters, object.union(failed(11), successful(11)))
		count(restrict_cron_job_history.violation) == 1 with input as cron_with(parameters, failed(0))
	}
}
