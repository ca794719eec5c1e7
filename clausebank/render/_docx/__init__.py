"""Private parts of the Word renderer."""
