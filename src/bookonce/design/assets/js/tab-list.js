/* <tab-list>: links that lead to one panel each become tabs; without script they stay links to the server's page. */
class TabList extends HTMLElement {
  connectedCallback() {
    // What stood in for a tab without script would be a second thing of the same name.
    for (const standIn of this.querySelectorAll(".tab-row .no-script-only")) standIn.remove();
    this.tabs = [...this.querySelectorAll(".tab[aria-controls]")];
    this.querySelector(".tab-row")?.setAttribute("role", "tablist");
    for (const tab of this.tabs) {
      const panel = this.panelOf(tab);
      tab.id ||= `${panel.id}-tab`;
      tab.setAttribute("role", "tab");
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", (event) => this.onClick(event, tab));
      tab.addEventListener("keydown", (event) => this.onKey(event, tab));
    }
    this.show(this.tabs.find((tab) => tab.hasAttribute("aria-current")) ?? this.tabs[0]);
  }

  panelOf(tab) {
    return document.getElementById(tab.getAttribute("aria-controls"));
  }

  show(chosen) {
    for (const tab of this.tabs) {
      const here = tab === chosen;
      tab.removeAttribute("aria-current");
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      this.panelOf(tab).hidden = !here;
    }
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  onClick(event, tab) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.show(tab);
    if (!this.closest("dialog")) history.replaceState(null, "", tab.href);
  }

  onKey(event, tab) {
    const rightToLeft = getComputedStyle(this).direction === "rtl";
    const steps = { ArrowRight: rightToLeft ? -1 : 1, ArrowLeft: rightToLeft ? 1 : -1 };
    const last = this.tabs.length - 1;
    let index = this.tabs.indexOf(tab);
    if (event.key in steps) index = (index + steps[event.key] + last + 1) % (last + 1);
    else if (event.key === "Home") index = 0;
    else if (event.key === "End") index = last;
    else if (event.key === " ") return this.onClick(event, tab);
    else return;
    event.preventDefault();
    this.show(this.tabs[index]);
    this.tabs[index].focus();
  }
}

customElements.define("tab-list", TabList);
