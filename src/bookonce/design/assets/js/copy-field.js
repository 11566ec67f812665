/* <copy-field>: a read-only text and a button that copies it and says so for two seconds.
   `text` copies something else than the field, `html` the same for programs that take it. navigator.clipboard is missing on plain http, so there is an older way. */
const SHOWN_MS = 2000;

class CopyField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input, textarea");
    this.button = this.querySelector("[data-copy]");
    if (!this.button) return;
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.status);
    this.button.addEventListener("click", () => this.copy());
    this.field?.addEventListener("focus", () => this.field.select());
  }

  get text() {
    return this.getAttribute("text") ?? this.field?.value ?? "";
  }

  async copy() {
    if ((await this.copyByClipboard()) || this.copyBySelection()) this.confirm();
    else this.field?.select();
  }

  async copyByClipboard() {
    if (!navigator.clipboard) return false;
    const html = this.getAttribute("html");
    if (html && !window.ClipboardItem) return false;
    const written = html ? this.writeBoth(html) : navigator.clipboard.writeText(this.text);
    return written.then(() => true, () => false);
  }

  writeBoth(html) {
    const kinds = { "text/html": html, "text/plain": this.text };
    const blobs = Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })]);
    return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  }

  copyBySelection() {
    const carrier = document.createElement("textarea");
    carrier.value = this.text;
    carrier.className = "visually-hidden";
    this.append(carrier);
    carrier.select();
    const put = (event) => this.putHtml(event);
    document.addEventListener("copy", put, { once: true });
    const copied = document.execCommand("copy");
    document.removeEventListener("copy", put);
    carrier.remove();
    this.button.focus();
    return copied;
  }

  putHtml(event) {
    if (!this.hasAttribute("html")) return;
    event.preventDefault();
    event.clipboardData.setData("text/html", this.getAttribute("html"));
    event.clipboardData.setData("text/plain", this.text);
  }

  confirm() {
    clearTimeout(this.timer);
    this.button.dataset.copied = "";
    this.status.textContent = this.button.querySelector(".copied-shown")?.textContent.trim() ?? "";
    this.timer = setTimeout(() => {
      delete this.button.dataset.copied;
      this.status.textContent = "";
    }, SHOWN_MS);
  }
}

customElements.define("copy-field", CopyField);
