"""One module a page: each view parses its form, calls an action or a query, and renders."""
