"""Where two trees differ, whatever they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.services.publishing.trees import compare

names = st.sampled_from(["key", "to", "text", "en", "fi", "options", "a"])
trees = st.recursive(
    st.text("ab1", min_size=1, max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)
roots = st.dictionaries(names, trees, max_size=4)


@given(roots)
def test_a_tree_does_not_differ_from_itself(tree: dict[str, object]) -> None:
    assert list(compare(tree, tree)) == []


@given(roots, roots)
def test_trees_that_differ_have_something_to_tell_on_both_sides(
    old: dict[str, object], new: dict[str, object]
) -> None:
    there, back = list(compare(old, new)), list(compare(new, old))
    assert bool(there) == bool(back) == (old != new)
    assert {(leaf.name, leaf.old, leaf.new) for leaf in there} == {
        (leaf.name, leaf.new, leaf.old) for leaf in back
    }


@given(roots, roots)
def test_a_path_leads_to_the_value_that_is_told(
    old: dict[str, object], new: dict[str, object]
) -> None:
    for leaf in compare(old, new):
        if leaf.new_path is not None and leaf.new and not leaf.name.endswith(", order"):
            here: object = new
            for step in leaf.new_path:
                here = here[step]  # type: ignore[index]
            if isinstance(here, str):
                assert here == leaf.new
