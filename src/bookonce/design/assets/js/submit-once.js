/* A second submit of the same POST form is dropped; its button shows the word of data-progress meanwhile. */
const shownBefore = new WeakMap();

function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if ("submitted" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.submitted = "";
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  if (!button.dataset.progress) return;
  shownBefore.set(button, [...button.childNodes]);
  button.replaceChildren(button.dataset.progress);
}

/* Coming back by the back button shows the old page: the form may be sent again. */
function onPageShow() {
  for (const form of document.querySelectorAll("form[data-submitted]")) {
    delete form.dataset.submitted;
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
      if (shownBefore.has(button)) button.replaceChildren(...shownBefore.get(button));
    }
  }
}

addEventListener("submit", onSubmit, { capture: true });
addEventListener("pageshow", onPageShow);
