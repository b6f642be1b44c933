"""Consortia: who does it together, under a programme's rules, from the idea to the end."""
