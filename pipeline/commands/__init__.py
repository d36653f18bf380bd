"""The commands of `diembao`, one module per group. Each turns arguments into calls and results into text."""
