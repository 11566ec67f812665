/* <one-time-link> in the share dialog's tab: when the tab is seen and no link lies ready it asks for one, and
   "Generate New Link" swaps it in place. A cookie for this dialog's address keeps the ready link's id, so that opening
   the dialog again makes no other; once the link is copied, opened, sent or shown as a code it is somebody's. */
const READY = "ready_link";
const KEPT_SECONDS = 86400;

class OneTimeLink extends HTMLElement {
  connectedCallback() {
    this.panel = this.closest(".tab-panel");
    this.addEventListener("submit", (event) => this.onSubmit(event));
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-copy], [data-uses-link]")) this.keep("");
    });
    this.addEventListener("copy", () => this.keep(""));
    this.watcher = new MutationObserver(() => this.onShown());
    this.watcher.observe(this.panel, { attributes: true, attributeFilter: ["hidden"] });
    this.onShown();
  }

  disconnectedCallback() {
    this.watcher.disconnect();
  }

  get form() {
    return this.querySelector("form");
  }

  onShown() {
    if (!this.panel.hidden && !this.dataset.link && !this.failed && !this.form.querySelector("[aria-invalid]")) this.make();
  }

  onSubmit(event) {
    event.preventDefault();
    this.make(event.submitter);
  }

  async make(button) {
    if (this.making) return;
    this.making = true;
    const form = this.form;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) }).catch(() => null);
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page?.querySelector("one-time-link");
    this.making = false;
    this.failed = !fresh;
    if (!fresh) return form.submit();
    this.put(document.adoptNode(fresh), button);
  }

  put(fresh, button) {
    const refused = fresh.querySelector("[aria-invalid]");
    this.replaceChildren(...fresh.childNodes);
    this.dataset.link = fresh.dataset.link;
    if (refused) return refused.focus();
    this.keep(this.dataset.link);
    if (!button) return;
    this.querySelector("[form=next-link]")?.focus();
    this.say(this.querySelector("[data-said]")?.textContent ?? "");
  }

  keep(link) {
    const age = link ? KEPT_SECONDS : 0;
    document.cookie = `${READY}=${link}; path=${this.dataset.page}; max-age=${age}; samesite=lax`;
  }

  say(text) {
    this.status ??= Object.assign(document.createElement("span"), { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    this.status.textContent = "";
    this.panel.append(this.status);
    requestAnimationFrame(() => (this.status.textContent = text));
  }
}

customElements.define("one-time-link", OneTimeLink);
