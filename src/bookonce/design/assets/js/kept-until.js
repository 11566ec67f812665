/* <kept-until>: counts down how long the chosen time is kept, and says once when it no longer is. */
class KeptUntil extends HTMLElement {
  connectedCallback() {
    this.ends ??= Date.now() + Number(this.dataset.seconds) * 1000;
    this.timer = setInterval(() => this.show(), 1000);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show() {
    const seconds = Math.ceil((this.ends - Date.now()) / 1000);
    if (seconds <= 0) return this.lapse();
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.querySelector(".kept-left").textContent = this.dataset.left.replace("{time}", time);
  }

  lapse() {
    clearInterval(this.timer);
    const over = this.querySelector(".kept-over");
    over.textContent = over.dataset.over;
    this.classList.add("kept-lapsed");
  }
}

customElements.define("kept-until", KeptUntil);
