"""Admin pages for budgets, model calls, prices and usage."""
