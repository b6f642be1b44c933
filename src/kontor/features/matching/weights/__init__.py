"""Weights of the score learned from what became of introductions."""
