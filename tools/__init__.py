"""What builds, tests and measures the project; nothing here ships with it."""
