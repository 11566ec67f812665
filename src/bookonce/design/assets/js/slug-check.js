/* <slug-check> around an address field: says while one types whether the address is free. The server decides on saving. */
const PAUSE_MS = 250;

class SlugCheck extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.status = document.createElement("p");
    this.status.className = "field-help";
    this.status.setAttribute("role", "status");
    this.append(this.status);
    this.field.addEventListener("input", () => this.ask());
  }

  ask() {
    clearTimeout(this.timer);
    this.status.textContent = "";
    if (this.field.value) this.timer = setTimeout(() => this.check(this.field.value), PAUSE_MS);
  }

  async check(slug) {
    const { check, calendar } = this.dataset;
    const answer = await fetch(`${check}?${new URLSearchParams({ slug, calendar })}`).catch(() => null);
    if (!answer?.ok || slug !== this.field.value) return;
    const { free, message } = await answer.json();
    this.status.textContent = message;
    this.status.className = free ? "field-help slug-free" : "field-error";
  }
}

customElements.define("slug-check", SlugCheck);
