/* <menu-button> around <details class="menu">: Escape, arrow keys, click elsewhere; plain <details> without script. */
class MenuButton extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.summary = this.querySelector("summary");
    this.details.addEventListener("toggle", () => this.onToggle());
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.onElsewhere = (event) => {
      if (!this.contains(event.target)) this.details.open = false;
    };
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.onElsewhere);
    document.removeEventListener("focusin", this.onElsewhere);
  }

  get items() {
    return [...this.querySelectorAll(".menu-item")];
  }

  onToggle() {
    const change = this.details.open ? "addEventListener" : "removeEventListener";
    document[change]("pointerdown", this.onElsewhere);
    document[change]("focusin", this.onElsewhere);
    if (this.details.open) this.place();
  }

  place() {
    const items = this.querySelector(".menu-items");
    items.classList.remove("menu-items-up");
    const below = items.getBoundingClientRect().bottom > innerHeight - 8;
    items.classList.toggle("menu-items-up", below && this.getBoundingClientRect().top > items.offsetHeight);
  }

  onKey(event) {
    const items = this.items;
    const here = items.indexOf(document.activeElement);
    if (event.key === "Escape" && this.details.open) {
      event.stopPropagation();
      this.details.open = false;
      this.summary.focus();
    } else if (event.key === "ArrowDown" || (event.key === "ArrowUp" && this.details.open)) {
      event.preventDefault();
      this.details.open = true;
      const step = event.key === "ArrowDown" ? 1 : -1;
      items[(Math.max(here, step > 0 ? -1 : 0) + step + items.length) % items.length]?.focus();
    } else if (this.details.open && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      items.at(event.key === "Home" ? 0 : -1)?.focus();
    }
  }
}

customElements.define("menu-button", MenuButton);
