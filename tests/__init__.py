"""The tests, which mirror the tree; beside them the demo, the benchmark and the servers that they run against."""
