"""Pages of the base: links from mails, jobs, the audit log."""
