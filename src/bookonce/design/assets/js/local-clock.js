/* Times come as 14:30. Where the reader's language counts twice to twelve, they are shown that way. */
const twelve = ["h11", "h12"].includes(Intl.DateTimeFormat([], { hour: "numeric" }).resolvedOptions().hourCycle);
const written = Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit", timeZone: "UTC" });

const rewrite = () => {
  for (const time of document.querySelectorAll("time[data-clock]")) {
    time.textContent = written.format(new Date(`2000-01-01T${time.dataset.clock}:00Z`));
  }
};

if (twelve) {
  rewrite();
  document.addEventListener("page-changed", rewrite);
}
