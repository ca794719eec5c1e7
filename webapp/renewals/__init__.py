"""Renewing contracts: choosing them, working out what each becomes, and one batch that makes them."""
