"""The contract with clients of the original project: its documented requests and answers.

Requests are sent verbatim over the API, after a real sign-in; jobs run in process with the built-in mock model.
"""
