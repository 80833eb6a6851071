"""The agents, a module each, and the second opinion that one gives on the output of the others."""
