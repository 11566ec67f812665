/* <zone-field> around the time zone's select in a GET form: a change shows the times anew. With the attribute
   `detect` (nobody has chosen a zone yet) it takes the browser's zone, once. */
class ZoneField extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    select.addEventListener("change", () => select.form.requestSubmit());
    if (!this.hasAttribute("detect")) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...select.options].some((option) => option.value === zone);
    if (!known || zone === select.value) return;
    select.value = zone;
    select.form.requestSubmit();
  }
}

customElements.define("zone-field", ZoneField);
