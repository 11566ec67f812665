/* <dialog-link> around a link: opens the .sheet of the linked page in a dialog; the link itself is the fallback.
   Links and forms with data-in-dialog are answered inside it; data-changes-page reloads the page behind on closing. */
class DialogLink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.onClick(event));
  }

  onClick(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.closest("details")?.removeAttribute("open");
    this.open(link.href);
  }

  async open(address) {
    const sheet = await this.load(address).catch(() => null);
    if (!sheet) return location.assign(address);
    this.address = address;
    this.opener = document.activeElement;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "dialog";
    this.dialog.addEventListener("click", (event) => this.onDialogClick(event));
    this.dialog.addEventListener("submit", (event) => this.onSubmit(event));
    this.dialog.addEventListener("close", () => this.onClose());
    document.body.append(this.dialog);
    this.put(sheet);
    this.dialog.showModal();
  }

  async load(address, options = {}) {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const sheet = page.querySelector(".sheet");
    return sheet && document.adoptNode(sheet);
  }

  put(sheet) {
    sheet.classList.remove("sheet-alone");
    this.dialog.replaceChildren(sheet);
    const title = sheet.querySelector("h1, h2");
    if (title) {
      title.id ||= "dialog-title";
      this.dialog.setAttribute("aria-labelledby", title.id);
    }
    return sheet;
  }

  focusNews(sheet) {
    const news = [".changed [data-copy]", "error-summary", "[data-close]"];
    const found = news.flatMap((selector) => [...sheet.querySelectorAll(selector)]);
    found.find((element) => element.offsetParent)?.focus();
  }

  onDialogClick(event) {
    const link = event.target.closest("a[data-in-dialog]");
    if (link && !(event.button || event.ctrlKey || event.metaKey || event.shiftKey)) return this.follow(event, link.href);
    const closes = event.target.closest("[data-close]");
    if (!closes && event.target !== this.dialog) return;
    event.preventDefault();
    this.dialog.close();
  }

  async follow(event, address) {
    event.preventDefault();
    const sheet = await this.load(address).catch(() => null);
    if (!sheet) return location.assign(address);
    this.address = address;
    this.put(sheet).querySelector("[data-close]")?.focus();
  }

  async onSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || !form.hasAttribute("data-in-dialog")) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    if (form.method === "get") return this.ask(form, body);
    this.changed ||= form.hasAttribute("data-changes-page");
    const sheet = await this.load(form.action, { method: "POST", body }).catch(() => null);
    if (sheet) this.focusNews(this.put(sheet));
    else location.assign(this.address);
  }

  async ask(form, body) {
    const control = document.activeElement?.id;
    const address = `${form.action}?${new URLSearchParams(body)}`;
    const sheet = await this.load(address).catch(() => null);
    if (!sheet) return location.assign(address);
    this.address = address;
    this.put(sheet);
    document.getElementById(control)?.focus();
  }

  onClose() {
    this.dialog.remove();
    this.opener?.focus();
    if (this.changed) location.reload();
  }
}

customElements.define("dialog-link", DialogLink);
