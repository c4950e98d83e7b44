"use strict";
// A table of what was released, turned and narrowed by whoever reads it. Nothing is added up: only
// figures that were released are shown. What was built stands in the address, after the #.
(() => {
  const holder = document.getElementById("builder");
  if (!holder) return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = JSON.parse(holder.dataset.words);
  const dims = data.id.map((id) => {
    const { label, category } = data.dimension[id];
    return { id, label, codes: category.index, labels: category.label };
  });

  // the cells that were released, by their places in the whole cube
  const places = new Set([...Object.keys(data.value), ...Object.keys(data.status),
    ...Object.keys(data.extension.bounds)].map(Number));
  const shownAt = (at) => {
    if (data.value[at] !== undefined) {
      const mark = data.status[at] ? ` [${data.status[at]}]` : "";
      return Number(data.value[at]).toLocaleString("en-GB") + mark;
    }
    if (!places.has(at)) return words.none;
    const [low, high] = data.extension.bounds[at] || [null, null];
    const mark = `[${data.status[at] ? data.status[at][0] : "x"}]`;
    if (low !== null && high !== null) return `${mark} ${low}–${high}`;
    return low ? `${mark} ≥ ${low}` : mark;
  };

  const start = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const known = (id) => dims.some((dim) => dim.id === id);
    const rows = asked.get("rows");
    const columns = asked.get("columns");
    const keep = new Map(dims.map((dim) => [dim.id, ""]));
    for (const [key, code] of asked) {
      const dim = dims.find((one) => `keep.${one.id}` === key);
      if (dim && dim.codes.includes(code)) keep.set(dim.id, code);
    }
    const first = known(rows) ? rows : dims[0].id;
    const second = known(columns) && columns !== first ? columns : "";
    return { rows: first, columns: second, keep };
  };
  let state = start();

  const make = (name, text, given = {}) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    Object.entries(given).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };
  const choice = (id, label, options, chosen, change) => {
    const part = make("p");
    part.append(make("label", `${label} `, { for: id }));
    const select = make("select", undefined, { id });
    options.forEach(([value, text]) => {
      const option = make("option", text, { value });
      option.selected = value === chosen;
      select.append(option);
    });
    select.addEventListener("change", () => change(select.value));
    part.append(select);
    return part;
  };

  const strides = dims.map((_, at) => data.size.slice(at + 1).reduce((a, b) => a * b, 1));
  const at = (codes) => dims.reduce((sum, dim, place) =>
    sum + dim.codes.indexOf(codes.get(dim.id)) * strides[place], 0);

  const address = () => {
    const asked = new URLSearchParams({ rows: state.rows });
    if (state.columns) asked.set("columns", state.columns);
    state.keep.forEach((code, id) => { if (code) asked.set(`keep.${id}`, code); });
    return `#${asked}`;
  };

  const combinations = (list) => list.reduce((sets, dim) => sets.flatMap((set) =>
    (state.keep.get(dim.id) ? [state.keep.get(dim.id)] : dim.codes)
      .map((code) => new Map([...set, [dim.id, code]]))), [new Map()]);

  const built = () => {
    const across = dims.filter((dim) => dim.id === state.columns);
    const down = [...dims.filter((dim) => dim.id === state.rows),
      ...dims.filter((dim) => dim.id !== state.rows && dim.id !== state.columns)];
    const table = make("table", undefined, { class: "df-rows" });
    table.append(make("caption", data.label));
    const top = make("tr");
    down.forEach((dim) => top.append(make("th", dim.label, { scope: "col" })));
    const heads = combinations(across);
    heads.forEach((codes) => {
      const name = across.length ? across[0].labels[codes.get(across[0].id)] : words.shown;
      top.append(make("th", name, { scope: "col", class: "figure" }));
    });
    const head = make("thead");
    head.append(top);
    const body = make("tbody");
    combinations(down).forEach((codes) => {
      const cells = heads.map((over) => at(new Map([...codes, ...over])));
      if (!cells.some((place) => places.has(place))) return;
      const row = make("tr");
      down.forEach((dim, place) => row.append(
        make(place ? "td" : "th", dim.labels[codes.get(dim.id)], place ? {} : { scope: "row" })));
      cells.forEach((place) => row.append(make("td", shownAt(place), { class: "figure" })));
      body.append(row);
    });
    table.append(head, body);
    const around = make("div", undefined, { class: "df-scroll", tabindex: "0", role: "region",
      "aria-label": data.label });
    around.append(table);
    return around;
  };

  const draw = (focus) => {
    const named = dims.map((dim) => [dim.id, dim.label]);
    const set = (change) => (value) => { change(value); history.replaceState(null, "", address()); };
    const parts = [
      make("h2", words.title),
      choice("build-rows", words.rows, named, state.rows, set((value) => {
        state.rows = value;
        if (state.columns === value) state.columns = "";
        draw("build-rows");
      })),
      choice("build-columns", words.columns, [["", words.none],
        ...named.filter(([id]) => id !== state.rows)], state.columns, set((value) => {
        state.columns = value;
        draw("build-columns");
      })),
      ...dims.map((dim) => choice(`keep-${dim.id}`, `${words.keep} ${dim.label}`,
        [["", words.every], ...dim.codes.map((code) => [code, dim.labels[code]])],
        state.keep.get(dim.id), set((value) => {
          state.keep.set(dim.id, value);
          draw(`keep-${dim.id}`);
        }))),
      built(),
    ];
    const link = make("p", `${words.link} `);
    link.append(make("a", `${location.href.split("#")[0]}${address()}`, { href: address() }));
    parts.push(link, make("p", `${words.copy} ${JSON.parse(holder.dataset.cite)}`));
    holder.replaceChildren(...parts);
    if (focus) document.getElementById(focus).focus();
  };
  addEventListener("hashchange", () => { state = start(); draw(); });
  draw();
})();
