# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: The ServiceAccount of a pod
# description: Which ServiceAccount the pods of the reviewed object run as, computed once for all policies that ask.
# scope: package
package lib.service_accounts

import data.lib.kubernetes as k8s

# `serviceAccount` is the old name of `serviceAccountName`, which wins where both are set. Where neither names one it
# is `default`; undefined where the object makes no pods. What is no string is given back as it stands.
name := k8s.pod_spec.serviceAccountName if {
	given(k8s.pod_spec.serviceAccountName)
} else := k8s.pod_spec.serviceAccount if {
	given(k8s.pod_spec.serviceAccount)
} else := "default" if k8s.pod_spec

given(value) if not value in {null, ""}

# JSON pointer of the field that names it.
pointer := concat("/", [k8s.pod_spec_pointer, field])

default field := "serviceAccountName"

field := "serviceAccount" if {
	not given(object.get(k8s.pod_spec, "serviceAccountName", null))
	given(k8s.pod_spec.serviceAccount)
}
