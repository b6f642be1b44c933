"""From a member's spreadsheet to confirmed rows: open, map, parse, compare, write, take back.

`tables` opens files, `columns` guesses what each column holds, `parse` turns a row into a draft with its
problems, `compare` says what the draft would change, `write` does it in one transaction, `undo` takes a
whole run back, `export` writes a file that `parse` reads again. Only `existing`, `write`, `undo`,
`actions`, `queries`, `tasks` and `export` touch the database.
"""
