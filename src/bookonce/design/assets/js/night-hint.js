/* <night-hint> around two time fields and a [data-night]: says while one types that the hours run over midnight. */
class NightHint extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => this.show());
  }

  show() {
    const [start, end] = [...this.querySelectorAll("[type=time]")].map((field) => field.value);
    const hint = this.querySelector("[data-night]");
    hint.hidden = !start || !end || end === "00:00" || end >= start;
    if (hint.hidden) return;
    const lasts = this.minutes(end) + 1440 - this.minutes(start);
    const words = `${Math.floor(lasts / 60)} h${lasts % 60 ? ` ${lasts % 60} min` : ""}`;
    hint.textContent = hint.dataset.night.replace("{end}", end).replace("{lasts}", words);
    hint.classList.toggle("hours-night-long", lasts > 720);
  }

  minutes(clock) {
    const [hour, minute] = clock.split(":").map(Number);
    return hour * 60 + minute;
  }
}

customElements.define("night-hint", NightHint);
