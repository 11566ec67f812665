/* <look-preview form="id" data-address> shows the page with what is typed in the form, a moment after each change.
   What is said of the colours comes along with the page, and is moved out of its frame. */
class LookPreview extends HTMLElement {
  connectedCallback() {
    this.form = document.getElementById(this.getAttribute("form"));
    this.frame = this.querySelector("iframe");
    this.said = this.querySelector(".look-said");
    this.latest = this.scrolled = 0;
    this.step = "";
    this.frame.addEventListener("load", () => this.hear());
    for (const place of [this.form, this]) place.addEventListener("input", () => this.soon());
    this.hear();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), 300);
  }

  async show() {
    const mine = ++this.latest;
    this.frame.classList.add("busy");
    const body = new FormData(this.form);
    const answer = await fetch(this.dataset.address, { method: "POST", body }).catch(() => null);
    const page = answer?.ok ? await answer.text() : "";
    if (mine !== this.latest) return;
    this.frame.classList.remove("busy");
    if (!page) return;
    const step = body.get("step");
    this.scrolled = step === this.step ? this.frame.contentWindow.scrollY : 0;
    this.step = step;
    this.frame.srcdoc = page;
  }

  hear() {
    const said = this.frame.contentDocument?.querySelector("body > .look-said");
    if (!said) return;
    const words = said.textContent;
    if (words !== this.words) this.said.replaceChildren(...document.importNode(said, true).childNodes);
    this.words = words;
    said.remove();
    this.frame.contentWindow.scrollTo(0, this.scrolled);
  }
}

customElements.define("look-preview", LookPreview);
