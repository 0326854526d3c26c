/* Curves and box plots that can be asked: by pointer over the drawing, or by the slider below it.
   Without this script the drawing, its numbers at risk and its table say the same. */

document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const element = (tag, text = "", properties = {}) =>
    Object.assign(document.createElement(tag), { textContent: text }, properties);
  const drawn = (tag, attributes) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  for (const script of document.querySelectorAll("script.nissc1-exploration")) {
    explore(script.closest(".nissc1-figure"), JSON.parse(script.textContent), script);
  }

  function explore(figure, { what, columns, x, stops, panels }, script) {
    const slider = element("input", "", { type: "range", min: 0, max: x.length - 1, value: 0 });
    const said = element("output");
    const body = element("tbody");
    const box = element("div", "", { className: "nissc1-explore" });
    const label = element("label", `${what}:`);
    label.append(slider, said);
    const head = element("tr");
    head.append(element("td"));
    for (const column of columns) head.append(element("th", column, { scope: "col" }));
    const table = element("table");
    table.append(element("thead"), body);
    table.tHead.append(head);
    box.append(label, table);
    script.after(box);
    /* What the pointer asks is told beside it, too; the table below says it for the slider. */
    const tip = element("div", "", { className: "nissc1-explore nissc1-tip", hidden: true });
    tip.setAttribute("aria-hidden", "true");
    figure.append(tip);
    function tellAt(stop, event) {
      tell(stop);
      tip.replaceChildren(element("b", stops[stop]), table.cloneNode(true));
      tip.hidden = false;
      const { left, top, width } = figure.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      const beside = x + 16 + tip.offsetWidth <= width ? x + 16 : x - 16 - tip.offsetWidth;
      tip.style.left = `${Math.max(0, Math.min(beside, width - tip.offsetWidth))}px`;
      tip.style.top = `${y + 16}px`;
    }
    const marks = [...figure.querySelectorAll("svg")].flatMap((svg) => prepare(svg, panels));

    function tell(stop) {
      slider.value = stop;
      slider.setAttribute("aria-valuetext", stops[stop]);
      said.textContent = stops[stop];
      body.replaceChildren(
        ...panels.flatMap(({ series }) =>
          series.map(({ name, colour, rows }) => {
            const row = element("tr");
            const heading = element("th", name, { scope: "row" });
            heading.style.color = `var(--fig-${colour})`;
            row.append(heading, ...rows[stop].map((text) => element("td", text)));
            return row;
          }),
        ),
      );
      for (const mark of marks) mark(stop);
    }

    /* Lays a cursor over each panel of a drawing; returns what moves them. */
    function prepare(svg, panels) {
      return panels.map((panel, number) => {
        const area = svg.querySelector(`[id$="-panel-${number}"] path`);
        if (!area) return () => {};
        const line = drawn("line", { class: "nissc1-cursor", visibility: "hidden" });
        const dots = panel.series.map(({ colour }) =>
          drawn("circle", {
            r: 3.5,
            visibility: "hidden",
            style: `fill:var(--fig-${colour});stroke:var(--fig-ground);pointer-events:none`,
          }),
        );
        svg.append(line, ...dots);
        const [left, right] = panel.xlim;
        const [bottom, top] = panel.ylim;
        const across = (at) => {
          const { x: start, width } = area.getBBox();
          return start + ((at - left) / (right - left)) * width;
        };
        const nearest = (event) => {
          const { left: start, width } = area.getBoundingClientRect();
          const at = left + ((event.clientX - start) / width) * (right - left);
          return x.reduce((best, each, i) => (Math.abs(each - at) < Math.abs(x[best] - at) ? i : best), 0);
        };
        const asked = (event) => {
          const { left, right, top, bottom } = area.getBoundingClientRect();
          const { clientX, clientY } = event;
          const inside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
          if (inside) tellAt(nearest(event), event);
        };
        svg.addEventListener("pointermove", asked);
        svg.addEventListener("pointerdown", asked);
        svg.addEventListener("pointerleave", () => (tip.hidden = true));
        return (stop) => {
          const { y, height } = area.getBBox();
          if (!height) return; // the drawing for the other width
          const at = across(x[stop]);
          for (const [name, value] of [["x1", at], ["x2", at], ["y1", y], ["y2", y + height]]) {
            line.setAttribute(name, value);
          }
          line.setAttribute("visibility", "visible");
          dots.forEach((dot, index) => {
            const value = panel.series[index].y[stop];
            dot.setAttribute("visibility", value == null ? "hidden" : "visible");
            if (value == null) return;
            dot.setAttribute("cx", at);
            dot.setAttribute("cy", y + height * (1 - (value - bottom) / (top - bottom)));
          });
        };
      });
    }

    slider.addEventListener("input", () => tell(Number(slider.value)));
    tell(x.length - 1);
    addEventListener("resize", () => tell(Number(slider.value)));
  }
});
