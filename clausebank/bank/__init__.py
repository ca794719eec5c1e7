"""The bank: the clause language, its records, loading, checking and exporting."""
