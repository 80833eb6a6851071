"""Client of the Anthropic API: messages, batches and model life cycle.

Only ``client`` imports the SDK; the limits and the engine depend on ``agents.llm.base`` instead.
"""
