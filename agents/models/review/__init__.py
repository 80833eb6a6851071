"""Tables of review: items, decisions, comments, marks and the measures of quality."""
