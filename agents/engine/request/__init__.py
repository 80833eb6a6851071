"""Parts of the request to a model: prompts, the share of the world that it reads, and the answer's schema."""
