"""Languages of texts: telling them, their names, and requests for one."""
