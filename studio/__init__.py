"""The creators' pages: a door beside the API, the admin and the tasks, on the same services."""
