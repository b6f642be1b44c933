"use strict";
/* A fault's link puts the cursor on its line in the editor. Without the script it leads to the line shown below. */

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-line]");
  const field = document.getElementById("id_text");
  if (!link || !field) return;
  event.preventDefault();
  const lines = field.value.split("\n");
  const at = Math.min(Number(link.dataset.line), lines.length);
  const start = lines.slice(0, at - 1).reduce((sum, line) => sum + line.length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + lines[at - 1].length);
  const height = parseFloat(getComputedStyle(field).lineHeight) || 20;
  field.scrollTop = Math.max(0, (at - 4) * height);
});
