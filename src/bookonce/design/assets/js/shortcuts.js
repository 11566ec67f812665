/* Keys of the owner's lists: j and k move between rows, Enter opens, x selects, / searches, ? explains. */
const ROWS = ".list-row, .table tbody tr";
const OFF = "shortcuts-off";

function rowLinks() {
  return [...document.querySelectorAll(ROWS)].map((row) => row.querySelector("a[href]")).filter(Boolean);
}

function move(step) {
  const links = rowLinks();
  const here = document.activeElement?.closest?.(ROWS);
  const index = links.findIndex((link) => link.closest(ROWS) === here);
  const next = index < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(index + step, 0), links.length - 1);
  links[next]?.focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement?.closest?.(ROWS)?.querySelector(".cell-select input")?.click(),
  "/": () => document.querySelector("input[type=search]")?.focus(),
  "?": () => document.getElementById("shortcuts")?.showModal(),
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  if (document.querySelector("dialog[open]") || (localStorage.getItem(OFF) && event.key !== "?")) return;
  event.preventDefault();
  KEYS[event.key]();
});

const choice = document.querySelector("#shortcuts input");
if (choice) {
  choice.checked = !localStorage.getItem(OFF);
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}
for (const closer of document.querySelectorAll("#shortcuts [data-close]")) {
  closer.addEventListener("click", () => closer.closest("dialog").close());
}
