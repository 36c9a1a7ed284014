# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Names of secrets
# description: Whether a name says that what stands under it is a secret.
# scope: package
package lib.secrets

# What such names end in, in lower case; `endings` of a parameter's list, which is taken as it is written.
endings(names) := {lower(name) | some name in names; is_string(name); name != ""}

# Whether a name ends in one of `endings`, where `-` and `.` stand for `_` and capitals for small letters.
named(name, endings) if {
	is_string(name)
	strings.any_suffix_match(replace(replace(lower(name), "-", "_"), ".", "_"), endings)
}
