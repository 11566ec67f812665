/* <send-on-change> around the one control of a GET form: a change sends the form. */
class SendOnChange extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => event.target.form.requestSubmit());
  }
}

customElements.define("send-on-change", SendOnChange);
