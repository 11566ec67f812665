/* Forms with data-keep: what is typed outlives a reload, in this tab alone, until it is booked.
   A tick of consent is given anew each time. Where storage is blocked, nothing is kept.
   The answer to a form takes the address in data-keep: else reload and back would ask whether to send it again.
   Without storage it does not: what was typed is lost with that answer. What else would lose it (data-after-keep) is
   hidden until it is kept. */
const PREFIX = "answers:";

const control = (form) =>
  [...form.elements].filter((one) => one.name && !["hidden", "submit"].includes(one.type) && !("once" in one.dataset));
const isTick = (one) => one.type === "checkbox" || one.type === "radio";
const place = (form) => PREFIX + new URL(form.action).pathname;

const keep = (form) => {
  const typed = {};
  for (const one of control(form)) {
    typed[one.name] ??= [];
    if (!isTick(one) || one.checked) typed[one.name].push(one.value);
  }
  try {
    sessionStorage.setItem(place(form), JSON.stringify(typed));
    return true;
  } catch {
    return false;
  }
};

const restore = (form) => {
  let typed = null;
  try {
    typed = JSON.parse(sessionStorage.getItem(place(form)));
  } catch {}
  if (!typed) return;
  for (const one of control(form)) {
    const values = typed[one.name];
    if (!values) continue;
    if (isTick(one)) one.checked = values.includes(one.value);
    else if (values.length) one.value = values.shift();
    if (one.value && !isTick(one)) one.closest("details.fold")?.setAttribute("open", "");
  }
};

const forget = () => {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {}
};

const isAnswer = (form) => location.pathname !== new URL(form.dataset.keep, location.href).pathname;

const look = () => {
  for (const form of document.querySelectorAll("form[data-keep]")) {
    restore(form);
    if (!isAnswer(form) || !keep(form)) continue;
    history.replaceState(history.state, "", form.dataset.keep);
    document.querySelector("[data-after-keep]")?.removeAttribute("hidden");
  }
};

const told = new URLSearchParams(location.search);
if (told.has("booked") || told.has("moved")) forget();
look();
document.addEventListener("page-changed", look);
for (const happens of ["input", "change"]) {
  document.addEventListener(happens, ({ target }) => target.form && "keep" in target.form.dataset && keep(target.form));
}
