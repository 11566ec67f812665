/* <share-sheet>: its button opens the device's share sheet; it hides where there is none. */
class ShareSheet extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!navigator.share) return void (this.hidden = true);
    const { url, title, text } = button.dataset;
    // Closing the sheet without choosing rejects; that is no error.
    button.addEventListener("click", () => navigator.share({ url, title, text }).catch(() => undefined));
  }
}

customElements.define("share-sheet", ShareSheet);
