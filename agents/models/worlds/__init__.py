"""Elements that texts name, and what re-checks of worlds have found."""
