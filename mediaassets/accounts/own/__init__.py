"""A person's own account: its API, its data as a document, and its end."""
