"""Members: their invitations by name and by link, and the owner."""
