/* Sphinx's search leaves out words that are numbers; here a reader looks for "day 414". */

document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  if (typeof Search === "undefined" || !Search._parseQuery) return;
  const parse = Search._parseQuery;
  Search._parseQuery = (query) => {
    const [asked, wanted, excluded, highlighted, objects] = parse(query);
    for (const word of splitQuery(query.trim())) {
      if (!/^\d+$/.test(word)) continue;
      wanted.add(word);
      highlighted.add(word);
    }
    localStorage.setItem("sphinx_highlight_terms", [...highlighted].join(" "));
    return [asked, wanted, excluded, highlighted, objects];
  };
});
