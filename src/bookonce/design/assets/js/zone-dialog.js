/* <zone-dialog> with the form of time zones as `zones`: a dialog in which one types a city, a combobox as in the ARIA
   practices. Sends `chosen` with the zone, and `closed`. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class ZoneDialog extends HTMLElement {
  connectedCallback() {
    this.innerHTML = `<dialog class="zone-dialog" aria-labelledby="zone-title">
      <div class="zone-head"><h2 id="zone-title"></h2><button class="button button-quiet" type="button"></button></div>
      <input class="input" role="combobox" aria-expanded="true" aria-controls="zone-list" aria-autocomplete="list" autocomplete="off" spellcheck="false">
      <ul id="zone-list" role="listbox" aria-labelledby="zone-title"></ul><p class="small muted" role="status"></p></dialog>`;
    const find = (name) => this.querySelector(name);
    [this.dialog, this.search, this.list, this.status] = ["dialog", "input", "ul", "p"].map(find);
    find("h2").textContent = this.zones.querySelector("h1").textContent;
    find("button").textContent = this.zones.dataset.close;
    this.search.placeholder = this.zones.dataset.search;
    this.search.setAttribute("aria-label", this.zones.dataset.search);
    this.rows = [...this.zones.querySelectorAll("option")].map(row);
    this.list.append(...this.rows);
    this.listen(find("button"));
    this.dialog.showModal();
    this.search.focus();
    this.point(this.rows.find((one) => one.getAttribute("aria-selected") === "true"));
    this.active?.scrollIntoView({ block: "center" });
  }

  listen(close) {
    this.search.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("li")));
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => {
      this.remove();
      this.dispatchEvent(new Event("closed"));
    });
  }

  get left() {
    return this.rows.filter((one) => !one.hidden);
  }

  filter() {
    const typed = plain(this.search.value).trim();
    const words = typed.split(/\s+/);
    for (const one of this.rows) one.hidden = !words.every((word) => one.found.includes(word));
    // Cities that begin so come first: `tok` finds Tokyo before Vostok.
    this.rows.sort((one, other) => !one.found.startsWith(typed) - !other.found.startsWith(typed) || one.place - other.place);
    this.list.append(...this.rows);
    this.status.textContent = this.left.length ? "" : this.zones.dataset.none;
    this.point(this.left[0]);
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    const left = this.left;
    if (!step) this.choose(this.active);
    else if (left.length) this.point(left.at((left.indexOf(this.active) + step) % left.length));
  }

  point(one) {
    this.active?.removeAttribute("data-active");
    this.active = one;
    one?.setAttribute("data-active", "");
    one?.scrollIntoView({ block: "nearest" });
    if (one) this.search.setAttribute("aria-activedescendant", one.id);
    else this.search.removeAttribute("aria-activedescendant");
  }

  choose(one) {
    if (!one) return;
    this.dialog.close();
    this.dispatchEvent(new CustomEvent("chosen", { detail: one.dataset.zone }));
  }
}

const row = (option, number) => {
  const one = document.createElement("li");
  const area = option.parentElement.label ?? "";
  const now = option.dataset.now;
  const city = option.textContent.slice(0, -now.length - 2);
  one.id = `zone-${number}`;
  one.dataset.zone = option.value;
  one.place = number;
  one.found = plain(`${city} ${area} ${option.value.replaceAll("_", " ")}`);
  one.setAttribute("role", "option");
  one.setAttribute("aria-selected", String(option.defaultSelected));
  for (const [text, name] of [[city, "zone-city"], [area, "zone-area"], [now, "zone-time"]]) {
    one.append(Object.assign(document.createElement("span"), { textContent: text, className: name }), " ");
  }
  return one;
};

customElements.get("zone-dialog") ?? customElements.define("zone-dialog", ZoneDialog);
