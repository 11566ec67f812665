/* <proof-of-work>: works out a puzzle while the form is filled in, and so spares its guest the code by mail.
   Whatever fails leaves the form as it came: with the code. */
class ProofOfWork extends HTMLElement {
  connectedCallback() {
    if (this.form || !window.Worker) return;
    this.form = this.closest("form");
    this.asked = [...this.childNodes];
    this.ask = this.form.querySelector("[data-code]");
    this.book = this.form.querySelector("template[data-book]").content.firstElementChild.cloneNode(true);
    this.replaceChildren(this.querySelector("template").content.cloneNode(true));
    this.ask.replaceWith(this.book);
    this.book.addEventListener("click", (event) => this.wait(event));
    this.start();
  }

  disconnectedCallback() {
    this.worker?.terminate();
    clearTimeout(this.timer);
  }

  async start() {
    this.querySelector("input").value = "";
    this.say("working");
    const answer = await fetch(this.dataset.challenge).catch(() => null);
    const puzzle = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!puzzle) return this.giveUp();
    try {
      this.worker = new Worker(this.dataset.worker);
    } catch {
      return this.giveUp();
    }
    this.worker.onerror = () => this.giveUp();
    this.worker.onmessage = ({ data: { number, part } }) => {
      if (part !== undefined) this.querySelector("progress").value = part;
      else if (number === undefined) this.giveUp();
      else this.finish(puzzle, number);
    };
    this.worker.postMessage(puzzle);
  }

  finish({ maxnumber, ...puzzle }, number) {
    this.worker.terminate();
    this.querySelector("input").value = btoa(JSON.stringify({ ...puzzle, number }));
    this.say("done");
    this.timer = setTimeout(() => this.start(), Number(this.dataset.seconds) * 1000);
    if (this.waiting) this.form.requestSubmit(this.book);
    this.waiting = false;
  }

  /* Sent before it is done: the form goes off by itself as soon as it is. */
  wait(event) {
    if (this.querySelector("input").value) return;
    event.preventDefault();
    this.waiting = true;
    this.say("waiting");
  }

  giveUp() {
    this.worker?.terminate();
    const focused = document.activeElement === this.book;
    this.replaceChildren(...this.asked);
    this.book.replaceWith(this.ask);
    if (focused) this.ask.focus();
  }

  say(state) {
    this.dataset.state = state;
    const words = this.querySelector(".proof-words");
    words.textContent = words.dataset[state];
  }
}

customElements.define("proof-of-work", ProofOfWork);
