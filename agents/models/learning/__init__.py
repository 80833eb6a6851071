"""What verdicts teach: style guides, proposed rules, exemplars and feedback."""
