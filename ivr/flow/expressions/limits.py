"""How large an expression may be: far beyond what anybody can read aloud to a colleague."""

LONGEST = 500
"""Characters."""
MOST_PARTS = 150
"""Values, names and operators."""
DEEPEST = 40
"""Parts within parts."""
