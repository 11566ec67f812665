/* <copy-field>: a read-only text and a button that copies it and says so for two seconds.
   `text` copies something else than the field. navigator.clipboard is missing on plain http, so there is an older way. */
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
    return navigator.clipboard.writeText(this.text).then(() => true, () => false);
  }

  copyBySelection() {
    const carrier = document.createElement("textarea");
    carrier.value = this.text;
    carrier.className = "visually-hidden";
    this.append(carrier);
    carrier.select();
    const copied = document.execCommand("copy");
    carrier.remove();
    this.button.focus();
    return copied;
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
