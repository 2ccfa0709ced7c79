/* Tables that sort, filter and show one variant. Without this script all rows stand there, as the file has them. */
(function () {
  "use strict";
  document.documentElement.dataset.js = "on";

  for (const group of document.querySelectorAll("[data-tables]")) {
    const tables = [...group.querySelectorAll("table")];
    const filter = group.querySelector("[data-filter]");
    const variant = group.querySelector("[data-variant]");
    const count = group.querySelector("[data-count]");

    for (const table of tables) {
      for (const head of table.tHead.rows[0].cells) makeSortable(table, head, group.dataset.decimal);
    }
    filter.addEventListener("input", () => {
      const rows = tables.map((table) => filterRows(table, filter.value));
      count.textContent = filter.value ? rows[0] : "";
    });
    if (variant) variant.addEventListener("change", () => tables.forEach((table) => showVariant(table, variant)));
  }

  function makeSortable(table, head, decimal) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const first = head.dataset.sort === "text" ? "ascending" : "descending";
      const other = first === "ascending" ? "descending" : "ascending";
      const way = head.getAttribute("aria-sort") === first ? other : first;
      for (const one of head.parentElement.cells) one.setAttribute("aria-sort", one === head ? way : "none");
      sortRows(table, head, way === "ascending" ? 1 : -1, decimal);
    });
  }

  function sortRows(table, head, way, decimal) {
    const read = head.dataset.sort === "text" ? (text) => text : (text) => number(text, decimal);
    const keyed = [...table.tBodies[0].rows].map((row) => [read(row.cells[head.cellIndex].textContent.trim()), row]);
    keyed.sort(([a], [b]) => compare(a, b, way));
    table.tBodies[0].append(...keyed.map(([, row]) => row));
  }

  /* What is not known comes last, whichever way. */
  function compare(a, b, way) {
    if (typeof a === "string") return way * a.localeCompare(b, undefined, { numeric: true });
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
    return way * (a - b);
  }

  /* "+1.234,5 ± 2" -> 1234.5 when the decimal mark is a comma. */
  function number(text, decimal) {
    const digits = [...text.split("±")[0]].filter((c) => /[0-9−]/.test(c) || c === decimal).join("");
    return digits ? Number(digits.replace("−", "-").replace(decimal, ".")) : NaN;
  }

  /* Returns "12 of 235". */
  function filterRows(table, words) {
    const wanted = words.trim().toLowerCase();
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      row.hidden = !namesOf(row).includes(wanted);
      shown += !row.hidden;
    }
    return `${shown} of ${table.tBodies[0].rows.length}`;
  }

  function namesOf(row) {
    return [...row.cells].slice(0, 2).map((cell) => cell.textContent).join(" ").toLowerCase();
  }

  /* The last columns are the variants, one each. */
  function showVariant(table, variant) {
    const others = variant.options.length - 1;
    for (const row of table.rows) {
      [...row.cells].slice(-others).forEach((cell, k) => {
        cell.hidden = variant.value !== "" && Number(variant.value) !== k + 1;
      });
    }
  }
})();
