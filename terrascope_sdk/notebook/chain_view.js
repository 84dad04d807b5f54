// The view of a chain. Text is always set with textContent: nothing that comes from outside is read as markup.

const KINDS = { text: "thought", ground: "mask", measure: "number", answer: "claim" };

function element(name, classes = "", text = null, attributes = {}) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text !== null) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

class Images {
  constructor(model) {
    this.model = model;
    this.urls = new Map();
    this.pixels = new Map();
  }

  url(id) {
    const bytes = this.model.get("images")[id];
    if (!bytes) return null;
    if (!this.urls.has(id)) this.urls.set(id, URL.createObjectURL(new Blob([bytes], { type: "image/png" })));
    return this.urls.get(id);
  }

  // Where a mask is yes, for the pointer: read once from its own PNG.
  async read(id) {
    if (!this.pixels.has(id)) {
      const url = this.url(id);
      if (!url) return null;
      this.pixels.set(
        id,
        (async () => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const canvas = element("canvas");
          canvas.width = image.naturalWidth;
          canvas.height = image.naturalHeight;
          const context = canvas.getContext("2d", { willReadFrequently: true });
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, canvas.width, canvas.height);
        })(),
      );
    }
    return this.pixels.get(id);
  }

  release() {
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
  }
}

function render({ model, el }) {
  const images = new Images(model);
  const root = element("div", "tsv");
  el.appendChild(root);
  el.appendChild(element("style", "", `.${model.get("twin")}{display:none}`)); // its static copy, while it lives
  let frame = null;

  const chosen = () => model.get("selected");
  const choose = (id) => {
    model.set("selected", id === chosen() ? "" : id);
    model.save_changes();
  };

  function button(label, classes, masks) {
    const made = element("button", classes, label, { type: "button" });
    const mask = masks[masks.length - 1];
    if (!mask) made.disabled = true;
    else {
      made.dataset.mask = mask;
      made.setAttribute("aria-pressed", String(mask === chosen()));
      made.addEventListener("click", () => choose(mask));
    }
    return made;
  }

  function head(told) {
    const made = element("header", "tsv-head");
    made.append(element("div", "tsv-question", told.question || "A question is running."));
    if (told.place) made.append(element("div", "tsv-mute", told.place));
    const status = told.status || (model.get("running") ? "running" : "");
    if (status) made.append(element("span", `tsv-badge tsv-${status}`, status.replace("_", " ")));
    if (told.text) made.append(element("p", "tsv-lead", told.text));
    return made;
  }

  function warnings(told) {
    if (!told.warnings.length) return null;
    const made = element("section", "tsv-warn", null, { role: "alert", "aria-label": "Warnings" });
    const list = element("ul");
    for (const text of told.warnings) list.append(element("li", "", text));
    made.append(list);
    return made;
  }

  function numbers(told) {
    if (!told.numbers.length) return null;
    const table = element("table", "tsv-numbers");
    const top = element("tr");
    for (const name of ["Measured", "Value", "Bounds", "Observed", "Masks"]) {
      top.append(element("th", "", name, { scope: "col" }));
    }
    table.append(element("thead"));
    table.tHead.append(top);
    const body = table.createTBody();
    for (const number of told.numbers) {
      const row = body.insertRow();
      if (number.masks.includes(chosen())) row.className = "tsv-lit";
      const name = element("td");
      name.append(element("b", "", number.name), element("div", "tsv-mute", number.subject));
      if (number.method) {
        const how = element("details");
        how.append(element("summary", "", "method"), element("div", "tsv-mute", [number.method, ...number.notes].join(". ")));
        name.append(how);
      }
      const value = element("td");
      const link = button(number.text, "tsv-value", number.masks);
      link.setAttribute("aria-label", `${number.name} ${number.text}: show its pixels`);
      value.append(link);
      const bounds = element("td");
      bounds.append(element("span", "", number.between || "-"), element("div", "tsv-mute", number.meaning));
      row.append(name, value, bounds, element("td", "", number.observed ?? "not stated"), element("td", "", number.mask_names || "-"));
    }
    return table;
  }

  function step(told, one) {
    const made = element("li", `tsv-step${one.masks.includes(chosen()) ? " tsv-lit" : ""}`);
    made.dataset.step = one.number;
    const mask = told.masks.find((m) => m.id === one.mask);
    const label = `${one.number} ${KINDS[one.kind] ?? one.kind}${mask ? " " + mask.name : ""}`;
    const top = button(label, "tsv-tag", one.masks);
    if (mask) top.style.setProperty("--c", mask.colour);
    made.append(top, element("div", "tsv-said", one.text));
    if (one.method) {
      const how = element("div", "tsv-mute", "Method: ");
      how.append(element("code", "", one.method));
      made.append(how);
    }
    if (one.reference) made.append(element("div", "tsv-mute", `Reference: ${one.reference}`));
    if (one.injected.length) {
      made.append(element("div", "tsv-mute", `${one.injected.length} visual tokens under the mask fed back`));
    }
    for (const id of one.numbers) {
      const number = told.numbers.find((n) => n.id === id);
      if (number && !one.text.includes(number.text)) {
        made.append(button(`${number.name} ${number.text}`, "tsv-value", number.masks));
      }
    }
    return made;
  }

  function figure(told) {
    const made = element("figure", "tsv-figure");
    const mask = told.masks.find((m) => m.id === chosen());
    const shownOn = (mask && told.pictures.find((p) => p.id === mask.picture)) || (!mask && told.pictures[0]);
    const about = shownOn || mask || told.masks[told.masks.length - 1];
    if (!about) return made;
    frame = element("div", "tsv-frame");
    frame.style.aspectRatio = `${about.columns} / ${about.rows}`;
    const layer = (id, alt, classes) => {
      const url = images.url(id);
      if (url) frame.append(element("img", classes, null, { src: url, alt, draggable: "false" }));
    };
    if (shownOn) layer(shownOn.id, shownOn.title, "tsv-picture");
    const drawn = mask ? [mask] : told.masks.filter((m) => !shownOn || m.picture === shownOn.id);
    for (const one of drawn) layer(one.id, one.alt, "tsv-mask");
    const lit = mask && told.steps.find((s) => s.mask === mask.id && s.injected.length && s.token_grid);
    if (lit) frame.append(tokens(lit));
    const where = element("output", "tsv-where", "", { "aria-live": "off" });
    frame.addEventListener("mousemove", (event) => point(event, told, where));
    frame.addEventListener("mouseleave", () => {
      where.textContent = "";
      for (const one of root.querySelectorAll(".tsv-under")) one.classList.remove("tsv-under");
    });
    const legend = element("figcaption", "tsv-mute");
    for (const one of drawn) {
      const mark = element("span", "tsv-swatch");
      mark.style.background = one.colour;
      legend.append(mark, element("span", "", one.title + "  "));
    }
    const grey = element("span", "tsv-swatch tsv-unseen");
    legend.append(grey, element("span", "", "not observed"));
    const small = [shownOn && shownOn.title, about.reduced > 1 && `drawn at 1/${about.reduced}`, shownOn && shownOn.credit];
    legend.append(element("div", "", small.filter(Boolean).join("; ")));
    made.append(frame, where, legend);
    return made;
  }

  // The tokens that were fed back after the mask, as cells of the token grid.
  function tokens(one) {
    const [rows, columns] = one.token_grid;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "tsv-tokens");
    svg.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${one.injected.length} visual tokens fed back`);
    for (const cell of one.injected) {
      const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      box.setAttribute("x", String(cell % columns));
      box.setAttribute("y", String(Math.floor(cell / columns)));
      box.setAttribute("width", "1");
      box.setAttribute("height", "1");
      svg.append(box);
    }
    return svg;
  }

  async function point(event, told, where) {
    const box = frame.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    const under = new Set();
    for (const mask of told.masks) {
      const data = await images.read(mask.id);
      if (!data) continue;
      const at = 4 * (Math.floor(y * data.height) * data.width + Math.floor(x * data.width));
      const grey = data.data[at] === 138 && data.data[at + 1] === 138 && data.data[at + 2] === 138;
      if (data.data[at + 3] > 0 && !grey) under.add(mask.id);
    }
    const used = told.steps.filter((s) => s.masks.some((id) => under.has(id)));
    for (const one of root.querySelectorAll(".tsv-step")) {
      one.classList.toggle("tsv-under", used.some((s) => String(s.number) === one.dataset.step));
    }
    where.textContent = used.length
      ? `This pixel is used in step ${used.map((s) => s.number).join(", ")}`
      : "This pixel is in no mask";
  }

  function draw() {
    const told = model.get("document");
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.mask : null;
    const scrolled = root.querySelector(".tsv-steps")?.scrollTop ?? 0;
    const list = element("ol", "tsv-steps", null, { "aria-live": model.get("running") ? "polite" : "off", "aria-label": "Steps" });
    for (const one of told.steps) list.append(step(told, one));
    const columns = element("div", "tsv-columns");
    columns.append(list, figure(told));
    const parts = [head(told), warnings(told), columns];
    if (told.log && told.log.length && model.get("running")) parts.push(element("div", "tsv-mute", told.log[told.log.length - 1]));
    for (const claim of told.claims) parts.push(element("div", "tsv-mute", `Claim, in its own words and not measured: ${claim}`));
    parts.push(numbers(told));
    if (told.checks.length) {
      const checks = element("ul", "tsv-checks", null, { "aria-label": "Checks" });
      for (const check of told.checks) {
        const item = element("li", check.passed ? "tsv-passed" : "tsv-missed", `${check.passed ? "✓" : "✗"} ${check.name}: ${check.detail}`);
        checks.append(item);
      }
      parts.push(checks);
    }
    if (told.credit) parts.push(element("div", "tsv-mute", told.credit));
    root.replaceChildren(...parts.filter(Boolean));
    list.scrollTop = scrolled;
    if (focused) root.querySelector(`button[data-mask="${CSS.escape(focused)}"]`)?.focus();
  }

  root.addEventListener("keydown", (event) => {
    const ways = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") choose(chosen());
    if (!(event.key in ways) || !event.target.classList.contains("tsv-tag")) return;
    event.preventDefault();
    const all = [...root.querySelectorAll("button.tsv-tag:not(:disabled)")];
    const next = all[all.indexOf(event.target) + ways[event.key]];
    if (next) next.focus();
  });

  model.on("change:document", draw);
  model.on("change:images", draw);
  model.on("change:selected", draw);
  model.on("change:running", draw);
  draw();
  return () => images.release();
}

export default { render };
