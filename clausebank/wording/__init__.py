"""How values read in a contract: sums in words, dates, periods, percentages, numbers."""
