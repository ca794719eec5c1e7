"""Private parts of the PDF renderer."""
