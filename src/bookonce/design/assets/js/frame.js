/* In a frame of another site: tells the page around it, at the one origin the server has named, how high this page
   is and what the guest has done. No personal data leaves. Listens to that page alone. */
const root = document.documentElement;
const { frame, frameOrigin: around, frameClose: close } = root.dataset;
let told = "";

const tell = (type, detail = {}) => parent.postMessage({ source: "bookonce", type, ...detail }, around);

const tellEvent = () => {
  const found = document.querySelector("main [data-event]");
  if (!found || found.outerHTML === told) return;
  told = found.outerHTML;
  const { event, ...detail } = found.dataset;
  tell(event, detail);
};

const tellHeight = () => tell("height", { height: Math.ceil(root.getBoundingClientRect().height) });

if (frame && around && parent !== window) {
  const { backgroundColor, color } = getComputedStyle(document.querySelector("main"));
  tell("ready", { title: document.title, close, look: `background:${backgroundColor};color:${color};` });
  tellHeight();
  tellEvent();
  new ResizeObserver(tellHeight).observe(document.body);
  document.addEventListener("page-changed", tellEvent);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && frame !== "inline") tell("close");
  });
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== around || source !== parent || data?.source !== "bookonce") return;
    if (data.type === "theme" && ["light", "dark"].includes(data.theme)) root.dataset.theme = data.theme;
    if (data.type === "theme" && data.theme === "auto") delete root.dataset.theme;
  });
}
