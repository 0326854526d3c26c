/* Editions: the switcher in the header, and the banner on an edition that is not the current one.
   The list of editions, switcher.json, lies at the site's root, beside the editions. It is read when
   a page is opened, so that editions published later appear in older ones too. */

document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const header = document.querySelector(".nissc1-header");
  if (!header) return;
  const { edition, release, page } = header.dataset;
  const editionRoot = new URL(document.documentElement.dataset.content_root || "./", location.href);
  const siteRoot = new URL("../", editionRoot);
  const switcher = header.querySelector(".nissc1-switcher");
  const list = switcher.querySelector(".nissc1-switcher__list");

  const element = (tag, text, properties = {}) =>
    Object.assign(document.createElement(tag), { textContent: text }, properties);

  const describe = (entry) =>
    [
      `data to ${entry.cutoff}`,
      ...(entry.parameters === "none" ? [] : [entry.parameters]),
      entry.notice,
    ].join(" · ");

  async function read(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return answer.json();
  }

  /* The same page of another edition, or its first page where it has no such page. */
  async function pageIn(entry) {
    const home = new URL(`${entry.version}/`, siteRoot);
    const { pages = [] } = await read(new URL("edition.json", home));
    const found = pages.includes(page);
    const file = found ? `${page}.html${location.hash}` : "index.html";
    return { address: new URL(file, home).href, found };
  }

  function explain(text) {
    list.replaceChildren(element("p", text));
  }

  function fill(entries) {
    const items = entries.map((entry) => {
      const item = document.createElement("li");
      const link = element("a", "");
      link.append(element("strong", entry.name), element("span", describe(entry)));
      link.href = new URL(`${entry.version}/index.html`, siteRoot).href;
      if (entry.version === edition) link.setAttribute("aria-current", "page");
      item.append(link);
      return { entry, link, item };
    });
    const all = element("ul", "");
    all.append(...items.map(({ item }) => item));
    const own = entries.find((entry) => entry.version === edition);
    const more = element("p", "");
    const link = (text, path) => element("a", text, { href: new URL(path, siteRoot).href });
    more.append(link("All editions", "editions.html"));
    if (own && own.pdf) more.append(link(`Edition ${edition} as PDF`, own.pdf));
    list.replaceChildren(all, more);
    const resolve = () =>
      Promise.all(
        items.map(async ({ entry, link }) => {
          const { address, found } = await pageIn(entry);
          link.href = address;
          if (!found) link.append(element("em", "This page is not in it; leads to its first page."));
        }),
      );
    switcher.addEventListener("toggle", resolve, { once: true });
  }

  async function warn(entries) {
    const current = entries.find((entry) => entry.preferred);
    if (!current || current.version === edition) return;
    const older = release < current.release;
    const banner = element("aside", "", { className: "nissc1-superseded" });
    banner.setAttribute("aria-label", "Another edition is current");
    const own = entries.find((entry) => entry.version === edition);
    const why = older
      ? "This edition has been superseded."
      : `This edition was built with other parameters${own ? ` (${own.parameters})` : ""}.`;
    const { address, found } = await pageIn(current);
    const where = found ? "Go to this page in" : "This page is not in the current edition; go to";
    const link = element("a", `${where} edition ${current.version}, ${describe(current)}`);
    link.href = address;
    banner.append(element("strong", why), " ", link);
    const skip = document.getElementById("pst-skip-link");
    if (skip) skip.after(banner);
    else document.body.prepend(banner);
  }

  function closeOnRequest() {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && switcher.open) {
        switcher.open = false;
        switcher.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (!switcher.contains(event.target)) switcher.open = false;
    });
  }

  /* Links to be kept name the edition, also where the page was reached through "latest". */
  function keep() {
    for (const link of document.querySelectorAll("[data-permanent]")) {
      link.href = new URL(`${edition}/${page}.html#${link.dataset.permanent}`, siteRoot).href;
    }
  }

  async function start() {
    closeOnRequest();
    keep();
    if (location.protocol === "file:") {
      explain(
        "This page was opened from a file, and a browser lets no file read the list of editions. " +
          "Serve the site, for example with “nissc1 serve”, to switch editions here.",
      );
      return;
    }
    try {
      const entries = await read(new URL("switcher.json", siteRoot));
      fill(entries);
      await warn(entries);
    } catch (fault) {
      explain(`The list of editions, switcher.json beside the editions, cannot be read: ${fault.message}.`);
    }
  }

  start();
});
