"""What the built-in mock model writes, and how it reads what it is given."""
