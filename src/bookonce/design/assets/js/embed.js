/* Bookonce on another site, without any dependency (ES2018). An element with data-bookonce="<a calendar's link>" becomes
   a frame in the page, or opens one above it: data-mode inline, popup or floating. The link within the element stays
   for whom the frame does not show. Styles are set by script alone, so that the site's CSP need not allow inline ones. */
(() => {
  if (window.Bookonce) {
    window.Bookonce.scan();
    return;
  }
  const PATIENCE = 10000; /* milliseconds until the link is shown instead; a frame that comes later still takes its place */
  const GRACE = 2000; /* after a page of the frame has loaded without saying so: refused, or not ours */
  const FRAME = "display:block;width:100%;border:0;background:transparent;";
  const BUTTON =
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#0b6e72;color:#fff;" +
    "font:600 16px/1.25 system-ui,sans-serif;text-decoration:none;";
  const CORNER = "position:fixed;inset-block-end:24px;inset-inline-end:24px;z-index:2147483000;";
  const SENT = ["name", "email", "phone", "timezone", "duration", "lang"];
  const EVENTS = ["date_selected", "time_selected", "booked", "rescheduled", "cancelled", "unavailable"];
  const FACTS = ["id", "start", "end", "status", "date", "timezone", "reason"];
  const root = document.documentElement.style;
  const all = [];
  const seen = new WeakSet();
  let theme = "";

  const on = (target, type, listener) => target.addEventListener(type, listener);

  const make = (tag, style, attributes = {}) => {
    const element = document.createElement(tag);
    element.style.cssText = style;
    Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
    return element;
  };

  const show = (element, shown) => {
    if (shown) element.style.removeProperty("display");
    else element.style.setProperty("display", "none", "important");
  };

  const tell = (element, type, detail) => {
    const target = element && element.isConnected ? element : document;
    target.dispatchEvent(new CustomEvent(`bookonce:${type}`, { detail, bubbles: true }));
  };

  const web = (url) => {
    const address = new URL(url, document.baseURI);
    if (!/^https?:$/.test(address.protocol)) throw new TypeError(`Bookonce: ${url} is no web address`);
    return address;
  };

  const addressOf = (url, mode, options) => {
    const address = web(url);
    const query = address.searchParams;
    const set = (name, value) => {
      if (value) query.delete(name);
      [].concat(value || []).forEach((each) => query.append(name, each));
    };
    const answers = options.answers || {};
    Object.keys(answers).forEach((key) => set(key, answers[key]));
    SENT.forEach((name) => set(name, options[name]));
    set("embed", mode);
    set("embed_origin", location.origin);
    set("embed_theme", theme || options.theme);
    set("embed_preview", options.preview);
    return address;
  };

  const spinner = () => {
    const ring = make("div", "box-sizing:border-box;width:32px;height:32px;margin:64px auto;border:3px solid;border-radius:50%;opacity:.5;border-top-color:transparent;");
    if (ring.animate && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      ring.animate([{ transform: "none" }, { transform: "rotate(1turn)" }], { duration: 900, iterations: Infinity });
    }
    return ring;
  };

  /* One frame. `look(state)` is called with "loading", "ready" or "failed"; `element` is where its events begin. */
  const makeFrame = (url, mode, options, element, look, further = {}) => {
    const address = addressOf(url, mode, options);
    const iframe = make("iframe", FRAME, { title: options.title || "Bookonce", referrerpolicy: "no-referrer" });
    let loads = 0, readies = 0, timer = 0, booked = "";
    const fail = () => {
      readies = loads;
      look("failed");
    };
    const post = (message) => iframe.contentWindow.postMessage({ source: "bookonce", ...message }, address.origin);

    const receive = (data) => {
      const { type } = data;
      if (type === "ready") {
        readies += 1;
        if (readies >= loads) clearTimeout(timer);
        if (data.title) iframe.title = String(data.title);
        if (theme) post({ type: "theme", theme });
        look("ready", data);
        if (readies === 1) tell(element, "ready", {});
      } else if (type === "height" && mode === "inline") {
        const height = Number(data.height);
        if (height > 0 && height < 20000) iframe.style.height = `${height}px`;
      } else if (EVENTS.indexOf(type) >= 0) {
        if (type === "booked" && booked === data.id) return;
        if (type === "booked") booked = data.id;
        const detail = {};
        FACTS.forEach((name) => {
          if (typeof data[name] === "string") detail[name] = data[name];
        });
        tell(element, type, detail);
      }
      if (further[type]) further[type](data);
    };

    on(iframe, "load", () => {
      loads += 1;
      if (readies < loads) {
        clearTimeout(timer);
        timer = setTimeout(fail, GRACE);
      }
    });
    all.push({ iframe, origin: address.origin, receive, post });
    look("loading");
    timer = setTimeout(fail, PATIENCE);
    iframe.src = address.href;
    return iframe;
  };

  on(window, "message", (event) => {
    const frame = all.find((each) => each.iframe.contentWindow && each.iframe.contentWindow === event.source);
    if (frame && event.origin === frame.origin && event.data && event.data.source === "bookonce") {
      frame.receive(event.data);
    }
  });

  const linkOf = (element, url, options) => {
    let link = element.querySelector("a[href]");
    if (!link) {
      link = make("a", "", { href: web(url).href });
      link.textContent = options.text || "Book a time";
      element.append(link);
    } else if (options.text) link.textContent = options.text;
    return link;
  };

  const inline = (element, url, options = {}) => {
    const link = linkOf(element, url, options);
    const others = Array.from(element.children);
    const ring = spinner();
    let iframe = null;
    const look = (state) => {
      const again = state === "ready" && iframe && iframe.style.visibility === "";
      element.setAttribute("aria-busy", state === "loading");
      show(ring, state === "loading");
      others.forEach((each) => show(each, state !== "ready"));
      if (!iframe) return;
      iframe.style.visibility = state === "ready" ? "" : "hidden";
      iframe.style.position = state === "ready" ? "" : "absolute";
      if (again && element.getBoundingClientRect().top < 0) element.scrollIntoView();
    };
    iframe = makeFrame(url, "inline", { title: link.textContent, ...options }, element, look);
    look("loading");
    element.append(ring, iframe);
    return element;
  };

  const makePopup = (url, mode, options, element) => {
    const dialog = make("dialog", "position:fixed;inset:0;box-sizing:border-box;width:100%;height:100%;max-width:none;max-height:none;margin:0;border:0;padding:clamp(0px,(100vw - 640px)*9,40px);background:rgba(10,16,18,.55);", {
      "aria-modal": "true",
      "aria-label": options.title || options.text || "Bookonce",
    });
    const box = make("div", "display:flex;flex-direction:column;box-sizing:border-box;max-width:1080px;height:100%;max-height:780px;margin:auto;overflow:hidden;border-radius:clamp(0px,(100vw - 640px)*9,12px);background:Canvas;color:CanvasText;color-scheme:light dark;");
    const close = make("button", "flex:none;align-self:flex-end;width:44px;height:44px;border:0;background:none;color:inherit;font:24px/1 system-ui,sans-serif;cursor:pointer;", {
      type: "button",
      "aria-label": "Close",
    });
    const link = make("a", "margin:48px auto;color:inherit;font:600 17px/1.4 system-ui,sans-serif;", { href: web(url).href, target: "_blank", rel: "noopener" });
    const ring = spinner();
    let iframe = null, done = false, overflow = "";
    close.textContent = "\u00d7";
    link.textContent = options.text || options.title || web(url).href;
    const look = (state, said = {}) => {
      box.setAttribute("aria-busy", state === "loading");
      show(ring, state === "loading");
      show(link, state === "failed");
      if (iframe) iframe.style.visibility = state === "ready" ? "" : "hidden";
      if (said.close) close.setAttribute("aria-label", said.close);
      if (said.look) box.style.cssText += said.look;
      if (said.title) dialog.setAttribute("aria-label", said.title);
    };
    const start = () => {
      if (iframe) {
        all.splice(all.findIndex((each) => each.iframe === iframe), 1);
        iframe.remove();
      }
      done = false;
      iframe = null;
      iframe = makeFrame(url, mode, options, element, look, {
        booked: () => (done = true),
        close: () => dialog.close(),
      });
      iframe.style.flex = "1";
      look("loading");
      box.append(iframe);
    };
    box.append(close, ring, link);
    dialog.append(box);
    on(close, "click", () => dialog.close());
    on(dialog, "click", (event) => event.target === dialog && dialog.close());
    on(dialog, "close", () => {
      root.overflow = overflow;
      show(dialog, false);
      tell(element, "closed", {});
    });
    return {
      open: () => {
        if (!dialog.showModal) {
          window.open(web(url).href, "_blank", "noopener");
          return;
        }
        if (!dialog.isConnected) document.body.append(dialog);
        show(dialog, true);
        overflow = root.overflow;
        root.overflow = "hidden";
        dialog.showModal();
        if (!iframe || done) start();
      },
    };
  };

  const attach = (element, url, options, mode) => {
    const link = linkOf(element, url, options);
    const popup = makePopup(url, mode, { title: link.textContent, ...options }, element);
    link.setAttribute("role", "button");
    link.setAttribute("aria-haspopup", "dialog");
    on(link, "click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      popup.open();
    });
    on(link, "keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      link.click();
    });
    if (mode === "floating") {
      element.style.cssText += CORNER;
      if (!link.getAttribute("style") && !link.className) link.style.cssText = BUTTON;
    }
    return element;
  };

  const optionsOf = (element) => {
    const options = { answers: {} };
    Array.from(element.attributes).forEach(({ name, value }) => {
      if (name.indexOf("data-answer-") === 0) options.answers[name.slice(12)] = value;
      else if (name.indexOf("data-") === 0) options[name.slice(5)] = value;
    });
    return options;
  };

  const scan = (root = document) => {
    root.querySelectorAll("[data-bookonce]").forEach((element) => {
      if (seen.has(element)) return;
      seen.add(element);
      const options = optionsOf(element);
      const { bookonce: url, mode } = options;
      if (mode === "popup" || mode === "floating") attach(element, url, options, mode);
      else inline(element, url, options);
    });
  };

  window.Bookonce = {
    scan,
    inline,
    open: (url, options = {}) => makePopup(url, "popup", options, null).open(),
    floating: (url, options = {}) => {
      const element = document.createElement("div");
      document.body.append(element);
      return attach(element, url, options, "floating");
    },
    on: (type, listener) => {
      const heard = (event) => listener(event.detail, event);
      on(document, `bookonce:${type}`, heard);
      return () => document.removeEventListener(`bookonce:${type}`, heard);
    },
    theme: (name) => {
      theme = name;
      all.forEach((frame) => frame.post({ type: "theme", theme }));
    },
  };
  if (document.readyState === "loading") on(document, "DOMContentLoaded", () => scan());
  else scan();
})();
