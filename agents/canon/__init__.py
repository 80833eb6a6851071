"""Canon: where the accepted output of each agent is placed in a universe."""
