/* <toast-stack>: messages that leave after eight seconds unless pointed at or focused; errors stay until closed. */
const STAY_MS = 8000;

class ToastStack extends HTMLElement {
  connectedCallback() {
    for (const toast of this.children) this.start(toast);
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) event.target.closest(".toast").remove();
    });
  }

  start(toast) {
    if (toast.classList.contains("toast-error")) return;
    let timer = setTimeout(() => toast.remove(), STAY_MS);
    const stay = () => clearTimeout(timer);
    const go = () => {
      stay();
      timer = setTimeout(() => toast.remove(), STAY_MS);
    };
    toast.addEventListener("pointerenter", stay);
    toast.addEventListener("focusin", stay);
    toast.addEventListener("pointerleave", go);
    toast.addEventListener("focusout", go);
  }
}

customElements.define("toast-stack", ToastStack);
