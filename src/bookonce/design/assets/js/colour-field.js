/* <colour-field> around a text field for a colour of six hex digits: adds the browser's picker, both in step. */
class ColourField extends HTMLElement {
  connectedCallback() {
    const text = this.querySelector("input");
    const pick = document.createElement("input");
    pick.type = "color";
    pick.className = "colour-pick";
    pick.setAttribute("aria-label", this.dataset.label);
    const follow = () => {
      const colour = (text.value.trim() || text.placeholder).replace(/^#/, "").toLowerCase();
      if (/^[0-9a-f]{6}$/.test(colour)) pick.value = `#${colour}`;
    };
    text.addEventListener("input", follow);
    pick.addEventListener("input", () => {
      text.value = pick.value.slice(1);
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    text.parentElement.prepend(pick);
    follow();
  }
}

customElements.define("colour-field", ColourField);
