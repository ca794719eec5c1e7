"""Many contracts from one table: the form, its check, the workers and what they make."""
