"""Assembly: select the variants, fill the blanks, number, resolve references."""
