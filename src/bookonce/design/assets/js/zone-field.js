/* <zone-field data-zone> around the link to the page of time zones, in a GET form: shows them in a <zone-dialog>, whose
   script comes along only then. With the attribute `detect` (nobody has chosen a zone yet) it takes the browser's zone,
   once; without a link that is all it does. Without scripts the link leads to the page. */
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
      this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    this.form.requestSubmit();
  }

  async open(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const answer = await fetch(this.link.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const zones = page?.getElementById("zones");
    const ready = zones && (await import(zones.dataset.script).then(() => true, () => false));
    if (!ready) location.assign(this.link.href);
    else if (this.isConnected) this.show(zones);
  }

  show(zones) {
    const dialog = document.createElement("zone-dialog");
    dialog.zones = zones;
    dialog.addEventListener("chosen", (event) => this.take(event.detail));
    dialog.addEventListener("closed", () => this.link.focus());
    document.body.append(dialog);
  }
}

customElements.define("zone-field", ZoneField);
