"""Client of the Anthropic API: messages, batches and model life cycle.

Only ``client`` imports the SDK; limits and engine depend on ``agents.llm.base`` instead.
"""
