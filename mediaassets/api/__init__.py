"""What every API view shares: JSON in, problem+json out, paging, sign-in."""
