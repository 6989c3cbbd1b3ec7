"""A seeded teller of short stories: the source of the shipped model's text."""
