"""The report: tables and plots of README.md, made from the figures in `results/`."""
