"""`kontor import`, `export`, `imports`, `organisations`, `duplicates`, `sample` and `regions`.

Django is set up inside each command, so nothing of the site is imported at the top. Progress goes to
standard error, results to standard output; exit code 2 is invalid input, told as `{"error": {"path",
"message", "remedy"}}` with `--json`.
"""

from kontor.features.organisations.commands.duplicates import duplicates
from kontor.features.organisations.commands.imports import export, import_, regions, sample
from kontor.features.organisations.commands.organisations import organisations
from kontor.features.organisations.commands.runs import imports

__all__ = ["duplicates", "export", "import_", "imports", "organisations", "regions", "sample"]
