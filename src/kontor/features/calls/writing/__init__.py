"""Writing an application together: the pages, what they post, and what a program may do instead."""
