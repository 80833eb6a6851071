"""Money: prices, the ledger of model calls, estimates, budgets and usage reports."""
