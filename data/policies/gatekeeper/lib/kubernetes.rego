# METADATA
# title: Kubernetes pod specs and containers
# description: >-
#   What every workload policy asks of a resource: its pod template, its pod spec and all of its containers, each with
#   the JSON pointer where it stands. Everything about the reviewed object is a rule and not a function: OPA evaluates
#   a rule once a query, however many policies refer to it. A field that is missing, null or of the wrong type leaves
#   a rule undefined or empty; nothing here raises.
# scope: package
package lib.kubernetes

# Where each kind keeps its pod template, by "group/Kind" ("Kind" in the core group). The template is an object with
# `metadata` and `spec`; a Pod and a Knative Revision are their own template.
pod_template_paths := {
	"Pod": [],
	"PodTemplate": ["template"],
	"ReplicationController": ["spec", "template"],
	"agones.dev/Fleet": ["spec", "template", "spec", "template"],
	"agones.dev/GameServer": ["spec", "template"],
	"apps.kruise.io/BroadcastJob": ["spec", "template"],
	"apps.kruise.io/CloneSet": ["spec", "template"],
	"apps.kruise.io/DaemonSet": ["spec", "template"],
	"apps.kruise.io/StatefulSet": ["spec", "template"],
	"apps.openshift.io/DeploymentConfig": ["spec", "template"],
	"apps/DaemonSet": ["spec", "template"],
	"apps/Deployment": ["spec", "template"],
	"apps/ReplicaSet": ["spec", "template"],
	"apps/StatefulSet": ["spec", "template"],
	"argoproj.io/Rollout": ["spec", "template"],
	"batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
	"batch/Job": ["spec", "template"],
	"extensions/DaemonSet": ["spec", "template"],
	"extensions/Deployment": ["spec", "template"],
	"extensions/ReplicaSet": ["spec", "template"],
	"keda.sh/ScaledJob": ["spec", "jobTargetRef", "template"],
	"serving.knative.dev/Configuration": ["spec", "template"],
	"serving.knative.dev/Revision": [],
	"serving.knative.dev/Service": ["spec", "template"],
}

# The lists of a pod spec that hold containers, with what a person calls their members.
container_lists := {
	"containers": "Container",
	"initContainers": "Init container",
	"ephemeralContainers": "Ephemeral container",
}

resource := input.review.object if is_object(input.review.object)

kind := resource.kind if is_string(resource.kind)

# "group/Kind", or "Kind" in the core group.
group_kind := concat("/", [split(resource.apiVersion, "/")[0], kind]) if {
	is_string(resource.apiVersion)
	contains(resource.apiVersion, "/")
} else := kind

metadata := resource.metadata if is_object(resource.metadata)

default labels := {}

labels := metadata.labels if is_object(metadata.labels)

default annotations := {}

annotations := metadata.annotations if is_object(metadata.annotations)

# The object's namespace, else the request's. Undefined where neither says one: a manifest that is not applied yet may
# leave it open.
namespace := metadata.namespace if {
	is_string(metadata.namespace)
	metadata.namespace != ""
} else := input.review.namespace if {
	is_string(input.review.namespace)
	input.review.namespace != ""
}

# What a message calls that namespace.
place := sprintf("namespace %q", [namespace])

place := "its namespace" if not namespace

# What a message calls the resource: `Deployment "shop/web"`.
label := sprintf("%s %q", [kind, qualified_name])

default qualified_name := "(unnamed)"

qualified_name := concat("/", parts) if {
	parts := [part | some field in ["namespace", "name"]; part := metadata[field]; is_string(part); part != ""]
	count(parts) > 0
}

pod_template_path := pod_template_paths[group_kind]

# JSON pointer of the pod template; empty for a Pod.
pod_template_pointer := concat("/", array.concat([""], pod_template_path))

pod_template := template if {
	template := object.get(resource, pod_template_path, null)
	is_object(template)
}

pod_spec := pod_template.spec if is_object(pod_template.spec)

pod_spec_pointer := concat("", [pod_template_pointer, "/spec"])

pod_template_metadata := pod_template.metadata if is_object(pod_template.metadata)

# The labels and annotations that the workload's pods will carry.
default pod_labels := {}

pod_labels := pod_template_metadata.labels if is_object(pod_template_metadata.labels)

default pod_annotations := {}

pod_annotations := pod_template_metadata.annotations if is_object(pod_template_metadata.annotations)

default pod_security_context := {}

pod_security_context := pod_spec.securityContext if is_object(pod_spec.securityContext)

default windows := false

# Windows knows no seccomp, capabilities or privilege escalation; the Pod Security Standards leave such pods out.
windows if pod_spec.os.name == "windows"

# Every container of the resource, whichever list holds it:
# {"field": "initContainers", "index": 0, "label": "Init container \"setup\" of Pod \"shop/cart\"",
#  "pointer": "/spec/initContainers/0", "security_context": {…}, "spec": {…}}. `label` is what a message calls it.
containers := [container |
	some field, noun in container_lists
	specs := pod_spec[field]
	is_array(specs)
	list := concat("/", [pod_spec_pointer, field])
	owner := label
	some index, spec in specs
	is_object(spec)
	container := {
		"field": field,
		"index": index,
		"label": concat(" ", [noun, json.marshal(object.get(spec, "name", index)), "of", owner]),
		"pointer": sprintf("%s/%d", [list, index]),
		"security_context": object_or_empty(object.get(spec, "securityContext", null)),
		"spec": spec,
	}
]

# Those of a pod for Linux; none of a pod for Windows.
linux_containers := [] if {
	windows
} else := containers

object_or_empty(value) := value if {
	is_object(value)
} else := {}

# Whether a boolean that must not be set is set. Only an absent field, null and false leave it unset: whatever else
# stands there (a quoted "true") is not trusted to mean no.
set(value) if not value in {false, null}

# A key as one token of a JSON pointer (RFC 6901).
pointer_token(key) := strings.replace_n({"~": "~0", "/": "~1"}, key)
