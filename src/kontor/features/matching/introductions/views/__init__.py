"""Pages of introductions: for members, for managers, and behind links in mails."""
