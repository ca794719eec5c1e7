"""Where the bank and the contracts are kept: tables, migrations and files."""
