"""`make up`: web, worker, beat and a private broker on one machine, supervised as one program."""
