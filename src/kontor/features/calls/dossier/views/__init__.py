"""Pages of an application's papers."""
