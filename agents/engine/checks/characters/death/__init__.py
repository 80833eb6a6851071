"""Dead characters who act in a scene."""
