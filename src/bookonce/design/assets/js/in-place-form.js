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
    const open = new Set([...form.querySelectorAll("details[open]")].map((fold) => fold.id));
    form.replaceWith(document.adoptNode(fresh));
    for (const fold of fresh.querySelectorAll("details")) fold.open ||= open.has(fold.id);
    this.focusNear(button.value);
  }

  /* The new row after adding; after removing, the button that adds one to the same day, or the choice of further ones. */
  focusNear(change) {
    const [act, kind, day] = change.split("-");
    if (kind === "host" || kind === "calendar") return this.focusRow(act, kind, Number(day));
    const name = kind === "date" ? "date" : `start-${day}`;
    const fields = [...this.querySelectorAll(`[name="${name}"]`)];
    const adder = this.querySelector(`[name="change"][value="add-${kind === "date" ? kind : `day-${day}`}"]`);
    (act === "add" ? fields.at(-1) : adder ?? fields.at(-1))?.focus();
  }

  focusRow(act, kind, place) {
    const rows = [...this.querySelectorAll(".host-row")];
    const row = rows[{ up: place - 1, down: place + 1 }[act]] ?? rows.at(-1);
    (act === "remove" ? this.querySelector(`[name="${kind}-new"]`) ?? row : row)?.focus();
  }
}

customElements.define("in-place-form", InPlaceForm);
