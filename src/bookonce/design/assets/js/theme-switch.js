/* <theme-switch>: light, dark or as the system says; kept in a cookie, so that the server's next page has it at once. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.swap());
  }

  swap() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const theme = dark ? "light" : "dark";
    root.dataset.theme = theme;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = getComputedStyle(document.body).backgroundColor;
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  }
}

customElements.define("theme-switch", ThemeSwitch);
