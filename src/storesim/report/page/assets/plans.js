// Floor plans: which layer is shown, and the numbers of what is pointed at or stepped to.
(() => {
  "use strict";
  const root = document.querySelector(".p-plans");
  const source = document.getElementById("plans-data");
  if (!root || !source) return;
  const data = JSON.parse(source.textContent);
  const readout = root.querySelector(".p-readout");
  const plans = [...root.querySelectorAll(".p-plan")];
  const THINGS = ["zone", "fixture"];
  const SVG = "http://www.w3.org/2000/svg";

  // Layers

  const show = () => {
    const layer = root.querySelector("input[name=p-layer]:checked").value;
    const box = root.querySelector("input[name=p-change]");
    const change = box && box.checked ? "on" : "off";
    for (const part of root.querySelectorAll("[data-layer]")) {
      const mine = part.dataset.change;
      part.toggleAttribute("hidden", part.dataset.layer !== layer || (mine !== "both" && mine !== change));
    }
  };
  for (const input of root.querySelectorAll(".p-controls input")) input.addEventListener("change", show);
  if (root.querySelector("input[name=p-layer]")) show();

  // Numbers

  const cell = (name, text, scope) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (scope) made.scope = scope;
    return made;
  };

  const tell = (plan, thing, row) => {
    const variant = data.variants[Number(plan.dataset.variant)];
    const [title, ...texts] = variant[thing][row];
    const table = document.createElement("table");
    table.append(cell("caption", `${title}, ${variant.name}`));
    texts.forEach(([value, difference], fact) => {
      const line = document.createElement("tr");
      line.append(cell("th", data.labels[thing][fact], "row"), cell("td", value), cell("td", difference));
      table.append(line);
    });
    if (texts.some((text) => text[1])) {
      const line = document.createElement("tr");
      const note = cell("td", `right: difference to ${data.baseline}`);
      note.colSpan = 3;
      line.append(note);
      table.append(line);
    }
    readout.replaceChildren(table);
    readout.hidden = false;
  };

  const mark = (thing, row, plan) => {
    clear();
    const id = data.variants[Number(plan.dataset.variant)][thing][row][0];
    for (const each of plans) {
      const rows = data.variants[Number(each.dataset.variant)][thing];
      const place = rows.findIndex((one) => one[0] === id);
      const shape = place < 0 ? null : each.querySelector(`[data-${thing}="${place}"]`);
      if (!shape) continue;
      const line = document.createElementNS(SVG, "use");
      line.setAttribute("href", shape.getAttribute("href"));
      line.setAttribute("class", "p-mark");
      each.firstElementChild.append(line);
    }
  };

  const clear = () => root.querySelectorAll(".p-mark").forEach((line) => line.remove());

  const place = (box) => {
    const area = root.getBoundingClientRect();
    const wide = readout.offsetWidth;
    const left = Math.min(Math.max(box.left - area.left, 0), Math.max(area.width - wide, 0));
    const above = box.top - area.top - readout.offsetHeight - 8;
    readout.style.left = `${left}px`;
    readout.style.top = `${box.top - readout.offsetHeight - 8 > 60 ? above : box.bottom - area.top + 8}px`;
  };

  const choose = (plan, shape) => {
    const thing = THINGS.find((one) => one in shape.dataset);
    const row = Number(shape.dataset[thing]);
    tell(plan, thing, row);
    mark(thing, row, plan);
    place(shape.getBoundingClientRect());
  };

  const leave = () => {
    readout.hidden = true;
    clear();
  };

  // Ways to choose: pointing, and stepping with the arrow keys to what lies next in that direction

  const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const middle = (shape) => {
    const box = shape.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };

  const next = (shapes, from, [right, down]) => {
    if (!from) return shapes[0];
    const [x, y] = middle(from);
    let best = null;
    let least = Infinity;
    for (const shape of shapes) {
      if (shape === from) continue;
      const [a, b] = middle(shape);
      const ahead = (a - x) * right + (b - y) * down;
      const aside = Math.abs((a - x) * down) + Math.abs((b - y) * right);
      if (ahead > 1 && ahead + 2 * aside < least) [best, least] = [shape, ahead + 2 * aside];
    }
    return best || from;
  };

  for (const plan of plans) {
    const shapes = [...plan.querySelectorAll("[data-zone], [data-fixture]")];
    let here = null;
    plan.tabIndex = 0;
    plan.addEventListener("pointerover", (event) => {
      const shape = event.target.closest("[data-zone], [data-fixture]");
      if (shape) choose(plan, (here = shape));
    });
    plan.addEventListener("pointerleave", leave);
    plan.addEventListener("blur", leave);
    plan.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
      const way = WAYS[event.key];
      if (!way || !shapes.length) return;
      event.preventDefault();
      choose(plan, (here = next(shapes, here, way)));
    });
  }
})();
