"""The demo: accounts, a universe and jobs in every state."""
