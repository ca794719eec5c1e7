"""Large batches, measured: not part of the tests."""
