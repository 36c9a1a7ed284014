package require_empty_dir_limits_test

import data.lib.testing
import data.require_empty_dir_limits

pod(parameters, volume) := testing.pod_with(parameters, {"volumes": [volume]})

cache(empty_dir) := {"name": "cache", "emptyDir": empty_dir}

pointer := "/spec/volumes/0/emptyDir/sizeLimit"

denied(parameters, volume) := testing.paths(found) if {
	found := require_empty_dir_limits.violation with input as pod(parameters, volume)
}

test_denied_without_a_limit if {
	every empty_dir in [{}, {"sizeLimit": null}, {"medium": "Memory"}, "x", [], true] {
		denied({}, cache(empty_dir)) == {pointer}
	}
}

test_denied_where_the_limit_limits_nothing if {
	every limit in ["", "0", 0, "0Gi", "-1", -1, "lots", true, []] {
		denied({}, cache({"sizeLimit": limit})) == {pointer}
	}
}

test_denied_without_any_source if {
	every volume in [{"name": "cache"}, {"name": "cache", "emptyDir": null}, {"name": null, "configMap": null}, {}] {
		denied({}, volume) == {pointer}
	}
}

test_messages if {
	found := require_empty_dir_limits.violation with input as pod({}, cache({}))
	testing.messages(found) == {`Volume "cache" of Pod "shop/cart" is an emptyDir without a size limit`}
	nameless := require_empty_dir_limits.violation with input as pod({}, {"emptyDir": {}})
	testing.messages(nameless) == {`Volume #0 of Pod "shop/cart" is an emptyDir without a size limit`}
	much := require_empty_dir_limits.violation with input as pod({"maximum": "1Gi"}, cache({"sizeLimit": "2Gi"}))
	testing.messages(much) == {`Volume "cache" of Pod "shop/cart" may grow to 2Gi, more than the 1Gi allowed`}
}

test_each_volume_is_judged if {
	spec := {"volumes": [{"name": "a", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "b", "emptyDir": {}}, {"name": "c"}]}
	found := require_empty_dir_limits.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/volumes/1/emptyDir/sizeLimit",
		"/spec/template/spec/volumes/2/emptyDir/sizeLimit",
	}
}

test_allowed if {
	every limit in ["1Gi", "500M", "0.5G", 1, "1e9"] {
		denied({}, cache({"sizeLimit": limit})) == set()
	}
}

test_other_volumes_are_left_alone if {
	denied({}, {"name": "settings", "configMap": {"name": "cart"}}) == set()
	denied({}, {"name": "settings", "configMap": {}, "emptyDir": null}) == set()
}

test_wrong_types_are_no_volumes if {
	every volumes in [null, {}, "x", [null, "x", 5]] {
		count(require_empty_dir_limits.violation) == 0 with input as testing.pod({"volumes": volumes})
	}
}

test_maximum if {
	parameters := {"maximum": "1Gi"}
	denied(parameters, cache({"sizeLimit": "1024Mi"})) == set()
	denied(parameters, cache({"sizeLimit": "1025Mi"})) == {pointer}
	every maximum in ["", "lots", 1, null] {
		denied({"maximum": maximum}, cache({"sizeLimit": "2Gi"})) == set()
	}
}

test_exempt_volumes if {
	parameters := {"exemptVolumes": ["cache", "tmp-*"], "maximum": "1Gi"}
	denied(parameters, cache({})) == set()
	denied(parameters, cache({"sizeLimit": "2Gi"})) == set()
	denied(parameters, {"name": "tmp-a"}) == set()
	denied(parameters, {"name": "tmp"}) == {pointer}
	denied({"exemptVolumes": {"any": "*"}}, cache({})) == {pointer}
}
