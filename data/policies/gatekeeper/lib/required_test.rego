package lib.required_test

import data.lib.required

test_keys if {
	required.keys([{"key": "owner", "pattern": "[a-z]+"}, {"key": "tier"}, "app", ["app"], {}, {"key": 5}, null]) == {
		{"key": "owner", "pattern": "[a-z]+"},
		{"key": "tier", "pattern": null},
	}
	required.keys([]) == set()
	required.keys("owner") == set()
}

test_met if {
	required.met("checkout", null)
	required.met("checkout", "[a-z]+")
	required.met("checkout", "a|checkout")
}

test_not_met if {
	every value in ["", " ", null, 5, ["checkout"], true] {
		every pattern in [null, ".*"] {
			not required.met(value, pattern)
		}
	}
	every pattern in ["[a-z]", "check", "out", "(", 5, ["x"], {}] {
		not required.met("checkout", pattern)
	}
}

test_wish if {
	required.wish({"key": "owner", "pattern": null}) == ""
	required.wish({"key": "owner", "pattern": "[a-z]+"}) == " that matches [a-z]+"
}
