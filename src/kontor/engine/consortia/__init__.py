"""Who together, under a programme's rules: proven best teams, and what to change where none exists."""
