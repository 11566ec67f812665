/* Arrow keys in the month lead from one free day to the next; Tab goes through them as ever. */
const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7 };

document.addEventListener("keydown", (event) => {
  const day = event.target.closest?.(".month a.day");
  let step = STEPS[event.key];
  if (!day || !step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (Math.abs(step) === 1 && document.dir === "rtl") step = -step;
  const cells = [...day.closest("tbody").querySelectorAll("td")];
  for (let at = cells.indexOf(day.parentElement) + step; cells[at]; at += step) {
    const next = cells[at].querySelector("a.day");
    if (!next) continue;
    event.preventDefault();
    next.focus();
    return;
  }
});
