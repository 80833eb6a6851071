"""API views and serializers for budgets, previews and usage."""
