"""What happened, as text, colour, JSON or JUnit."""
