"""Tables of money: prices, the ledger of calls, budgets and totals."""
