"""The commands of ``clausebank``; each parses, calls one function and prints."""
