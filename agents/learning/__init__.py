"""Learning: style guides, exemplars, and rules that verdicts suggest."""
