/* <error-summary>: takes the focus when it appears, so that it is read; its links focus the fields they lead to. */
class ErrorSummary extends HTMLElement {
  connectedCallback() {
    this.focus();
    this.addEventListener("click", (event) => this.lead(event));
  }

  lead(event) {
    const link = event.target.closest("a[href^='#']");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    const folded = control.closest("details:not([open])");
    if (folded) folded.open = true;
    (control.labels?.[0] ?? control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  }
}

customElements.define("error-summary", ErrorSummary);
