"""Suggestions without asking: whom each organisation should meet, computed for everybody at once."""
