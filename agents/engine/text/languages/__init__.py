"""Languages of texts: detection, names, parts in another language, and requests for one."""
