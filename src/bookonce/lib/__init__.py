"""Small things with a subject of their own; they know nothing of the product."""
