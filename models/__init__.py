"""The vocabulary: value types, error types and database tables. Nothing here decides or acts."""
