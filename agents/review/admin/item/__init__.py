"""The page of one review item, and the actions on it."""
