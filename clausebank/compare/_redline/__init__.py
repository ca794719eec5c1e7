"""Private parts of the Word redline."""
