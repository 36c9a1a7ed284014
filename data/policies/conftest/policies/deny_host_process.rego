# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_host_process

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := container.security_context.windowsOptions.hostProcess
	k8s.set(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s runs as a process of its node: windowsOptions.hostProcess is %v",
		[container.label, value],
	)
	path := concat("/", [container.pointer, "securityContext/windowsOptions/hostProcess"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	value := k8s.pod_security_context.windowsOptions.hostProcess
	k8s.set(value)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s runs as processes of its node: windowsOptions.hostProcess is %v", [k8s.label, value])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/windowsOptions/hostProcess"])
}
