"""ClauseBank: versioned clauses assembled into Chinese service contracts."""
