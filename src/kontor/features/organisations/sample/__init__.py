"""Invented organisations, statements and people that every later screen can be shown with.

`data/` holds one TOML file per country, `pairs.toml` (needs and the offers that answer them) and
`users.toml`. Nothing in it is real: web sites end in `.example`, telephone numbers come from ranges that
regulators keep for films and books (where a country has none, there is no number), VAT numbers only pass
the check digits. Every record has a stable key that begins with `smp`. Ages are days before loading, so the
sample stays fresh.
"""
