/* <in-place-form> around a form whose buttons named `change` add and remove rows: swaps the form without a new page. */
class InPlaceForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.onSubmit(event));
  }

  async onSubmit(event) {
    const button = event.submitter;
    if (event.defaultPrevented || button?.name !== "change") return;
    event.preventDefault();
    const form = event.target;
    const body = new FormData(form, button);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page?.querySelector("in-place-form form");
    if (!fresh) return location.reload();
    form.replaceWith(document.adoptNode(fresh));
    this.focusNear(button.value);
  }

  /* The new row after adding; after removing, the button that adds one to the same day. */
  focusNear(change) {
    const [act, kind, day] = change.split("-");
    const name = kind === "date" ? "date" : `start-${day}`;
    const fields = [...this.querySelectorAll(`[name="${name}"]`)];
    const adder = this.querySelector(`[name="change"][value="add-${kind === "date" ? kind : `day-${day}`}"]`);
    (act === "add" ? fields.at(-1) : adder ?? fields.at(-1))?.focus();
  }
}

customElements.define("in-place-form", InPlaceForm);
