"""The stages from a fetched page to a digest, and the loop that joins them (`flow`)."""
