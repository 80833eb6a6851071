"""Tables of learning: style guides, proposed rules, exemplars and feedback."""
