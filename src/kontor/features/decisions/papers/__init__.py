"""What is printed of decisions: minutes, the result protocol of a synchronised call, letters."""
