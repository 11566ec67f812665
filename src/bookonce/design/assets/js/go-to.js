/* Ctrl or Cmd and K: type part of a name to go to a page, an action of this page, or one of its rows. */
const dialog = document.getElementById("go-to");
const PLACES = ".rail-item[href], .page-header-action a[href], .page-header-note a[href]";
const ROWS = ".list-row, .table tbody tr";

function places() {
  const rows = [...document.querySelectorAll(ROWS)].map((row) => row.querySelector("a[href]")).filter(Boolean);
  return [...document.querySelectorAll(PLACES), ...rows].filter((link) => link.textContent.trim());
}

function put(links) {
  dialog.querySelector("ul").replaceChildren(...links.map((link) => {
    const item = document.createElement("li");
    const copy = document.createElement("a");
    copy.className = "menu-item";
    copy.href = link.href;
    copy.textContent = link.textContent.trim().replace(/\s+/g, " ");
    item.append(copy);
    return item;
  }));
}

function shown() {
  return [...dialog.querySelectorAll("li:not([hidden]) > a")];
}

function filter(text) {
  const wanted = text.trim().toLocaleLowerCase();
  for (const item of dialog.querySelectorAll("li")) {
    item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
  }
  dialog.querySelector("[role=status]").hidden = shown().length > 0;
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = shown();
  const index = links.indexOf(document.activeElement);
  if (event.key === "Enter" && index < 0) {
    event.preventDefault();
    links[0]?.click();
  } else if (step) {
    event.preventDefault();
    (links[index + step] ?? (index + step < 0 ? dialog.querySelector("input") : links.at(-1)))?.focus();
  }
}

if (dialog) {
  const field = dialog.querySelector("input");
  field.addEventListener("input", () => filter(field.value));
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (document.querySelector("dialog[open]")) return;
    field.value = "";
    put(places());
    filter("");
    dialog.showModal();
    field.focus();
  });
}
