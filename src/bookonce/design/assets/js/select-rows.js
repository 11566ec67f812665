/* <select-rows> around a GET form with a table whose rows have checkboxes: shows the form's bar while some are checked,
   and asks in a dialog what the form would ask on a page of its own. The key x checks a row (shortcuts.js). */
class SelectRows extends HTMLElement {
  connectedCallback() {
    this.bar = this.querySelector("[data-chosen]");
    this.every = this.querySelector("[data-every]");
    this.addEventListener("change", (event) => this.onChange(event));
    this.addEventListener("submit", (event) => this.onSubmit(event));
    this.querySelector("[data-none]").addEventListener("click", () => this.checkAll(false));
    this.show();
  }

  get boxes() {
    return [...this.querySelectorAll("tbody input[type=checkbox]")];
  }

  onChange(event) {
    if (event.target === this.every) this.checkAll(this.every.checked);
    else this.show();
  }

  checkAll(checked) {
    for (const box of this.boxes) box.checked = checked;
    this.show();
  }

  show() {
    const checked = this.boxes.filter((box) => box.checked).length;
    const count = this.bar.querySelector("[data-count]");
    this.bar.hidden = checked === 0;
    this.bar.classList.add("chosen-floats");
    count.textContent = checked ? count.dataset.words.replace("%(n)s", checked) : "";
    this.every.checked = checked > 0 && checked === this.boxes.length;
    this.every.indeterminate = checked > 0 && !this.every.checked;
  }

  onSubmit(event) {
    const opener = this.querySelector("[data-opener]");
    if (event.defaultPrevented || !opener.open) return;
    event.preventDefault();
    const form = event.target;
    opener.open(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  }
}

customElements.define("select-rows", SelectRows);
