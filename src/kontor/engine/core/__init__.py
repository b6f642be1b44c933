"""What every engine shares: how it refuses input, how it answers, how it explains, how it draws lots."""
