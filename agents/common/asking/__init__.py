"""Forms for asking agents, made from the agents' own input types; shared by the studio and the admin."""
