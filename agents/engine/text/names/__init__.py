"""Names of people and things, in the forms that texts give them."""
