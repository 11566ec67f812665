/* <zone-field data-zone> around the link to the page of time zones, in a GET form: shows them in a dialog in which one
   types a city (a combobox as in the ARIA practices). With the attribute `detect` (nobody has chosen a zone yet) it takes
   the browser's zone, once. Without scripts the link leads to the page. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let guessed = false;

class ZoneField extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.link = this.querySelector("a");
    this.link?.addEventListener("click", (event) => this.open(event));
    if (!this.hasAttribute("detect") || guessed) return;
    guessed = true;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== this.dataset.zone) this.take(zone, { guess: "1" });
  }

  take(zone, further = {}) {
    for (const [name, value] of Object.entries({ timezone: zone, ...further })) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      this.form.append(field);
    }
    this.form.requestSubmit();
  }

  async open(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const answer = await fetch(this.link.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const zones = page?.getElementById("zones");
    if (!zones) location.assign(this.link.href);
    else if (this.isConnected) this.show(zones);
  }

  show(zones) {
    const dialog = document.createElement("dialog");
    dialog.className = "zone-dialog";
    dialog.setAttribute("aria-labelledby", "zone-title");
    dialog.innerHTML = `<div class="zone-head"><h2 id="zone-title"></h2><button class="button button-quiet" type="button"></button></div>
      <input class="input" id="zone-search" role="combobox" aria-expanded="true" aria-controls="zone-list" aria-autocomplete="list" autocomplete="off" spellcheck="false">
      <ul id="zone-list" role="listbox" aria-labelledby="zone-title"></ul><p class="small muted" role="status"></p>`;
    const [title, close, search, list, status] = dialog.querySelectorAll("h2, button, input, ul, p");
    title.textContent = zones.querySelector("h1").textContent;
    close.textContent = zones.dataset.close;
    search.placeholder = zones.dataset.search;
    search.setAttribute("aria-label", zones.dataset.search);
    const rows = [...zones.querySelectorAll("option")].map((option, number) => row(option, number));
    list.append(...rows);
    let active = null;
    const point = (at) => {
      active?.removeAttribute("data-active");
      active = at;
      active?.setAttribute("data-active", "");
      active?.scrollIntoView({ block: "nearest" });
      if (active) search.setAttribute("aria-activedescendant", active.id);
      else search.removeAttribute("aria-activedescendant");
    };
    const filter = () => {
      const words = plain(search.value).split(/\s+/);
      for (const one of rows) one.hidden = !words.every((word) => one.found.includes(word));
      const left = rows.filter((one) => !one.hidden);
      status.textContent = left.length ? "" : zones.dataset.none;
      point(left[0] ?? null);
    };
    const choose = (one) => {
      if (!one) return;
      dialog.close();
      this.take(one.dataset.zone);
    };
    search.addEventListener("input", filter);
    search.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter") choose(active);
      else if (!step) return;
      event.preventDefault();
      const left = rows.filter((one) => !one.hidden);
      if (step && left.length) point(left[(left.indexOf(active) + step + left.length) % left.length]);
    });
    list.addEventListener("click", (event) => choose(event.target.closest("li")));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      this.link.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    search.focus();
    point(rows.find((one) => one.getAttribute("aria-selected") === "true") ?? null);
    active?.scrollIntoView({ block: "center" });
  }
}

const row = (option, number) => {
  const one = document.createElement("li");
  const area = option.parentElement.label ?? "";
  const now = option.dataset.now;
  const city = option.textContent.slice(0, -now.length - 2);
  one.id = `zone-${number}`;
  one.dataset.zone = option.value;
  one.found = plain(`${city} ${area} ${option.value.replaceAll("_", " ")}`);
  one.setAttribute("role", "option");
  one.setAttribute("aria-selected", String(option.defaultSelected));
  for (const [text, name] of [[city, "zone-city"], [area, "zone-area"], [now, "zone-time"]]) {
    one.append(Object.assign(document.createElement("span"), { textContent: text, className: name }), " ");
  }
  return one;
};

customElements.define("zone-field", ZoneField);
