"""Renewals: from a contract that expires and a policy to the answers and texts of the next one."""
