/* A second submit of the same POST form is dropped; its button shows the word of data-progress meanwhile. */
addEventListener(
  "submit",
  (event) => {
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
    button.dataset.word = button.textContent;
    button.textContent = button.dataset.progress;
  },
  { capture: true },
);

/* Coming back by the back button shows the old page: the form may be sent again. */
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-submitted]")) {
    delete form.dataset.submitted;
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
      if (button.dataset.word) button.textContent = button.dataset.word;
    }
  }
});
