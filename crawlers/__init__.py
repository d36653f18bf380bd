"""Discovering, fetching and archiving: everything that speaks to an outlet."""
