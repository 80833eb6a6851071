"""Notifications: the in-app list, mail, and the preferences that control both."""
