"""The names of all features of the ranking, in the order in which they are computed and weighed."""

WORDED = ("name", "description", "messages", "fields")
"""The views whose words are compared one by one. Why there is a policy and how to mend it says too much: its words are
found in anything, and only its concepts and its meaning tell."""

TEXT = (
    *(f"words of its {view}" for view in WORDED),
    "words of name and description",
    "nearest by the words of name and description",
    "what people call it",
    "what people call it in other words",
    "nearest by all words that people call it",
    "all of its name is said",
    "spelling of its name",
    "nearest by spelling",
    "concepts",
    "a field that it reads is named",
    "the kind that it is for is named",
    "other kinds are named",
    "the same number of the benchmark",
    "known rule",
    "meaning",
    "nearest by meaning",
    "meaning of its reasons",
    "nearest by the meaning of its reasons",
    "meaning of what people call it",
    "nearest by the meaning of what people call it",
    "meaning of all that people call it",
    "nearest by the meaning of all that people call it",
)
"""What a text says of a policy, each from 0 to 1 (or -1 to 0 for what speaks against it)."""

RESOURCE = (
    "violated",
    "passed",
    "not applicable",
    "unknown",
    "one of few violated",
    "features that it names",
    "severity",
    "reliability",
)
"""What a resource says of a policy, each from 0 to 1."""

PATH = ("the field that makes it fail is the one named", "another field makes it fail")
"""What the field that a finding names says of a policy that is violated."""

ASKED = (
    "always",
    "best words",
    "best spelling",
    "best meaning of what people call it",
    "speaks of what no policy is about",
    "means what no policy is about",
    "known rule",
    "a resource is given",
    "something is violated",
)
"""What decides that no policy is meant at all."""

FADING = (
    *(f"words of its {view}" for view in WORDED),
    "words of name and description",
    "nearest by the words of name and description",
    "all of its name is said",
)
"""What counts the less, the fewer words a text has in common with the policy that has most: whoever uses none of the
usual words shares some with a policy by chance."""

SPELT = ("spelling of its name", "nearest by spelling")
"""What counts the more, the fewer words are shared: misspelt and joined ones have letters in common, and so have words
that mean something else."""

COLUMN = {name: column for column, name in enumerate(TEXT)}

NEAREST = {
    "nearest by the words of name and description": "words of name and description",
    "nearest by spelling": "spelling of its name",
    "nearest by all words that people call it": "nearest by all words that people call it",
    "nearest by meaning": "meaning",
    "nearest by the meaning of its reasons": "meaning of its reasons",
    "nearest by the meaning of what people call it": "meaning of what people call it",
    "nearest by the meaning of all that people call it": "meaning of all that people call it",
}
"""Features that compare a policy with the best one, by what they compare; by themselves, where that is no feature."""
