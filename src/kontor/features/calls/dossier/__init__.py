"""The papers of an application: signatures, amendments, what comes from elsewhere, the whole as one."""
