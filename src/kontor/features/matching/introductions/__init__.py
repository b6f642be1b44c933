"""From a match to a contact: both sides are asked, shown each other in steps, and asked what became of it."""
