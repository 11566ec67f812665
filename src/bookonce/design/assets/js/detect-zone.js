/* <detect-zone detect> around a time zone's select: takes the browser's zone while nobody has chosen one. */
class DetectZone extends HTMLElement {
  connectedCallback() {
    if (!this.hasAttribute("detect")) return;
    const select = this.querySelector("select");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  }
}

customElements.define("detect-zone", DetectZone);
