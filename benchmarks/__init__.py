"""The project's benchmarks: `python -m benchmarks PART --data DIR`. README.md holds the report."""
