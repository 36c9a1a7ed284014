"""The field of a resource that makes a policy fail, found without the help of the policy's author.

A path in the message is taken at its word where it fits the resource. Else an experiment tells: the fields that the
policy reads are set and dropped one by one, and the one whose change makes a violation go away is the one. This
package is pure: it makes the variants and draws the conclusion; whoever holds an engine judges in between.
"""

from jade_policy.locate.choice import Outcome, located
from jade_policy.locate.constants import constants_of
from jade_policy.locate.stated import stated_path
from jade_policy.locate.variants import MAX_VARIANTS, Variant, variants_of

__all__ = ["MAX_VARIANTS", "Outcome", "Variant", "constants_of", "located", "stated_path", "variants_of"]
