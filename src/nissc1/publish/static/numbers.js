/* Numbers that tell where they come from, one control for all code of a page, and copying tables.
   Without this script a number is a link to the cell that computed it, with the same in its title. */

document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const article = document.querySelector(".bd-article");
  if (!article) return;
  const element = (tag, text = "", properties = {}) =>
    Object.assign(document.createElement(tag), { textContent: text }, properties);

  /* Where from? */

  const GAP = 6;
  let shown = null; // { number, box }
  let leaving = 0;
  let touched = false;

  function hide() {
    clearTimeout(leaving);
    if (!shown) return;
    shown.box.remove();
    shown.number.removeAttribute("aria-describedby");
    shown = null;
  }

  function boxOf(number) {
    const [label, ...lines] = number.dataset.origin.split("\n");
    const box = element("span", "", { className: "nissc1-origin", id: "nissc1-origin" });
    box.append(element("span", label));
    for (const line of lines) {
      const [term, value] = line.split(/: (.*)/s);
      const row = element("span");
      row.append(element("b", term), " ", value);
      box.append(row);
    }
    if (number.hasAttribute("href")) {
      const row = element("span");
      row.append(element("a", "Show the cell that computed it", { href: number.href }));
      box.append(row);
    }
    return box;
  }

  function place() {
    const { number, box } = shown;
    const at = number.getClientRects()[0] || number.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    const under = at.bottom + GAP + height <= innerHeight || at.top < height + GAP;
    box.style.top = `${under ? at.bottom + GAP : at.top - GAP - height}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
  }

  function show(number) {
    clearTimeout(leaving);
    if (shown?.number === number) return;
    hide();
    const box = boxOf(number);
    number.after(box);
    number.setAttribute("aria-describedby", box.id);
    shown = { number, box };
    place();
  }

  const numberAt = (event) => event.target.closest?.("[data-origin]");
  const within = (node) => shown && (shown.box.contains(node) || shown.number.contains(node));
  for (const number of article.querySelectorAll("a[data-record][title]")) {
    number.dataset.origin = number.title;
    number.removeAttribute("title");
  }
  article.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const number = numberAt(event);
    if (number) show(number);
    else if (within(event.target)) clearTimeout(leaving);
  });
  article.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "touch" && within(event.target)) leaving = setTimeout(hide, 250);
  });
  article.addEventListener("focusin", (event) => {
    const number = numberAt(event);
    if (number) show(number);
    else if (!within(event.target)) hide();
  });
  article.addEventListener("focusout", (event) => {
    if (shown && event.relatedTarget && !within(event.relatedTarget)) hide();
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (!within(event.target)) hide();
  });
  /* A finger cannot hover: its first tap tells, and the box has the link. */
  article.addEventListener("click", (event) => {
    const number = numberAt(event);
    if (!number || !touched) return;
    event.preventDefault();
    show(number);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  addEventListener("scroll", () => shown && place(), { capture: true, passive: true });

  /* Code: one control for the page; a link to a cell unfolds it. */

  const folded = [...article.querySelectorAll("div.cell > details.hide.above-input")];
  const sources = article.querySelector(".nissc1-sources");
  if (folded.length && sources) {
    const button = element("button", "", { type: "button", className: "nissc1-button nissc1-code" });
    const label = () => {
      const open = folded.every((each) => each.open);
      button.textContent = open ? "Hide all code" : "Show all code";
      button.setAttribute("aria-pressed", open);
    };
    button.addEventListener("click", () => {
      const open = !folded.every((each) => each.open);
      for (const each of folded) each.open = open;
      label();
    });
    for (const each of folded) each.addEventListener("toggle", label);
    label();
    sources.append(button);
  }
  function unfold() {
    const cell = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = cell?.matches("div.cell") && cell.querySelector(":scope > details.hide");
    if (!details) return;
    details.open = true;
    cell.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  unfold();

  /* Mark what a search found, and unfold the tables in which it lies. Sphinx marks nothing where the
     search itself is loaded, and the theme loads it with every page. */
  if (typeof SphinxHighlight !== "undefined" && !document.getElementById("search-results")) {
    SphinxHighlight.highlightSearchWords();
    setTimeout(() => {
      for (const found of article.querySelectorAll("details.below-input .highlighted")) {
        found.closest("details").open = true;
      }
    }, 100); // Sphinx takes a moment
  }

  /* Tables, as they are shown, to the clipboard. */

  for (const table of article.querySelectorAll(".nissc1-table")) {
    const button = element("button", "Copy", { type: "button", className: "nissc1-button" });
    button.addEventListener("click", async () => {
      hide();
      const text = [...table.querySelectorAll("tr")]
        .map((row) =>
          [...row.cells]
            .filter((cell) => cell.offsetParent)
            .map((cell) => cell.innerText.trim())
            .join("\t"),
        )
        .join("\n");
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "The browser does not let it be copied";
      }
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    button.setAttribute("aria-live", "polite");
    table.querySelector(".nissc1-tools").append(button);
  }
});
