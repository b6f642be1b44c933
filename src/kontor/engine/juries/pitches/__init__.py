"""The running order of a pitch day."""
