# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: What made an object
# description: Whether a controller made the reviewed object, so that its makings are that controller's.
# scope: package
package lib.owners

import data.lib.kubernetes as k8s

default controlled := false

# A ReplicaSet's pods and a Deployment's ReplicaSets are as their owner says, which is judged itself.
controlled if {
	some owner in k8s.metadata.ownerReferences
	owner.controller == true
}
