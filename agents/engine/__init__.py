"""The agents and everything that makes their output trustworthy, as plain Python without a framework.

An agent builds a request, has a model answer it, checks the answer against the world, and scores it. Models are called
through ``agents.llm``; jobs, storage and review are outside.
"""
