"""The mock model: an ``LLMClient`` that answers without a key, deterministically, and labels its answers as mock."""
