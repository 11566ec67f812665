/* Links and GET forms with data-soft change the page in place: the same addresses, without the flash of a reload.
   data-soft="replace" leaves no step behind for the back button. Whatever fails is opened in the ordinary way. */
const main = document.querySelector("main.booker");
const spoken = document.createElement("p"); // what a screen reader hears of a change
let latest = 0;

const open = async (address, { replace = false, isNew = true } = {}) => {
  const mine = ++latest;
  main.classList.add("busy");
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const fresh = page?.querySelector("main.booker");
  if (mine !== latest) return;
  main.classList.remove("busy");
  if (!fresh) {
    if (replace || !isNew) location.replace(address);
    else location.assign(address);
    return;
  }
  if (isNew) history[replace ? "replaceState" : "pushState"]({}, "", address);
  show(page, fresh, new URL(address, location.href).hash.slice(1));
};

const show = (page, fresh, target) => {
  const focused = document.activeElement?.id;
  const picked = main.querySelector("input[name=start]:checked")?.value;
  const wasStep = main.className;
  document.title = page.title;
  main.className = fresh.className;
  main.replaceChildren(...fresh.childNodes);
  for (const { src } of main.querySelectorAll("script[src]")) import(src); // those of parsed pages don't run
  document.dispatchEvent(new Event("page-changed"));
  if (picked) pickAgain(Date.parse(picked));
  const same = focused && document.getElementById(focused);
  if (main.className !== wasStep && !same) {
    scrollTo(0, 0);
    main.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
    return;
  }
  if (same) same.focus({ preventScroll: true });
  spoken.textContent = ["month", "times"].map((id) => document.getElementById(id)?.textContent).join(", ");
  if (target && matchMedia("(max-width: 899.98px)").matches) document.getElementById(target)?.scrollIntoView();
};

/* The same instant reads otherwise in another zone: what was tapped before the zone was detected stays chosen. */
const pickAgain = (instant) => {
  const same = [...main.querySelectorAll("input[name=start]")].find((time) => Date.parse(time.value) === instant);
  if (same) same.checked = true;
};

if (main) {
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-soft]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("soft" in form.dataset) || form.method !== "get") return;
    event.preventDefault();
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form, event.submitter));
    open(address.href, { replace: form.dataset.soft === "replace" });
  });
  addEventListener("popstate", () => open(location.href, { isNew: false }));
}
