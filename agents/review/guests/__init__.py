"""Review by link: guests without an account, who see some outputs and give opinions."""
