"""Everything that changes the papers of an application, a module for each; each action is one transaction."""
