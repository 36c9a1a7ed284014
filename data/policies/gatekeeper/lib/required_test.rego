package lib.required_test

import data.lib.required

test_met if {
	required.met("checkout", {"key": "owner"})
	required.met("checkout", {"pattern": null})
	required.met("checkout", {"pattern": "[a-z]+"})
	required.met("checkout", {"pattern": "a|checkout"})
}

test_not_met if {
	every value in ["", " ", null, 5, ["checkout"], true] {
		every pattern in [null, ".*"] {
			not required.met(value, {"pattern": pattern})
		}
	}
	every pattern in ["[a-z]", "check", "out", "(", 5, ["x"], {}] {
		not required.met("checkout", {"pattern": pattern})
	}
}

test_wish if {
	required.wish({"key": "owner"}) == ""
	required.wish({"key": "owner", "pattern": null}) == ""
	required.wish({"key": "owner", "pattern": "[a-z]+"}) == " that matches [a-z]+"
}
