"""Material flows: from declarations to links, levels, measures, balances and what may be shown.

The order of work: :func:`build_links` → :func:`release` (what this viewer may see) → everything
else, which only ever reads a release.
"""
