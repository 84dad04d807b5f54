// A lesson. Strokes and numbers go to Python; what may be seen comes back. Text is only set with textContent.

function element(name, classes = "", text = null, attributes = {}) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text !== null) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const button = (text, attributes = {}) => element("button", "", text, { type: "button", ...attributes });
const TOOLS = [["paint", "Paint", "P"], ["erase", "Erase", "E"], ["outline", "Outline", "O"]];
const HELP =
  "Arrow keys move the brush (with Shift by ten), Space paints or sets a corner, F fills the outline, " +
  "P paints, E erases, O outlines, [ and ] change the size, U takes back.";

const SILENCE_MS = 8000;
const SILENT = "The kernel does not answer. If it was restarted, run the cell again: the lesson then starts anew.";

class Pictures {
  constructor() {
    this.urls = new Map();
  }

  show(image, name, bytes) {
    const old = this.urls.get(name);
    if (old && old.bytes === bytes) return void (image.src = old.url);
    if (old) URL.revokeObjectURL(old.url);
    this.urls.delete(name);
    if (!bytes || !bytes.byteLength) return image.removeAttribute("src");
    const url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    this.urls.set(name, { bytes, url });
    image.src = url;
  }

  release() {
    for (const { url } of this.urls.values()) URL.revokeObjectURL(url);
  }
}

function frameOf(rows, columns, layers, pictures) {
  const frame = element("div", "tse-frame");
  frame.style.aspectRatio = `${columns} / ${rows}`;
  for (const [name, bytes, alt] of layers) {
    if (!bytes) continue;
    const image = element("img", "", null, { alt, draggable: "false" });
    pictures.show(image, name, bytes);
    frame.append(image);
  }
  return frame;
}

// The canvas of a mask that is asked for. Keeps tool, size and place of the brush while the lesson goes on.
function easel(model, send, pictures) {
  const kept = { tool: "paint", size: 8, at: null };
  let redraw = () => {};

  function build(task) {
    let points = null;
    let corners = [];
    kept.at = [task.rows / 2, task.columns / 2];
    const root = element("div");
    const bar = element("div", "tse-bar", null, { role: "toolbar", "aria-label": "Tools" });
    const tools = new Map(TOOLS.map(([key, name, short]) => [key, button(name, { title: `Key ${short}` })]));
    const size = element("input", "", null, { type: "range", min: "0.5", max: "60", step: "0.5", value: String(kept.size), "aria-label": "Radius of the brush in pixels" });
    const told = element("output", "tse-mute");
    const undo = button("Undo", { title: "Key U" });
    const invert = button("Invert", { title: "Paint what is not painted, and the other way round" });
    const clear = button("Clear");
    const label = element("label", "tse-mute", "Size ");
    label.append(size, told);
    bar.append(...tools.values(), label, undo, invert, clear);

    const picture = model.get("images")["picture-0"];
    const alt = `${task.panels[0].title}: the image to look at`;
    const frame = frameOf(task.rows, task.columns, [["picture-0", picture, alt]], pictures);
    frame.classList.add("tse-easel");
    for (const [key, value] of Object.entries({ tabindex: "0", role: "application", "aria-label": `${task.prompt} ${HELP}` })) frame.setAttribute(key, value);
    const own = element("img", "tse-own", null, { alt: "Your mask so far", draggable: "false" });
    const canvas = element("canvas", "", null, { "aria-hidden": "true" });
    const cursor = element("div", "tse-cursor");
    frame.append(own, canvas, cursor);

    const place = (event) => {
      const box = frame.getBoundingClientRect();
      return [((event.clientY - box.top) / box.height) * task.rows, ((event.clientX - box.left) / box.width) * task.columns];
    };
    const erasing = () => kept.tool === "erase";

    function showCursor() {
      const across = kept.tool === "outline" ? 6 : Math.max((2 * kept.size * frame.clientWidth) / task.columns, 4);
      cursor.style.width = cursor.style.height = `${across}px`;
      cursor.style.left = `${(kept.at[1] / task.columns) * 100}%`;
      cursor.style.top = `${(kept.at[0] / task.rows) * 100}%`;
    }

    // What is being drawn now, until Python has painted it.
    function trace() {
      canvas.width = frame.clientWidth;
      canvas.height = frame.clientHeight;
      const line = points || corners;
      if (!line.length) return;
      const context = canvas.getContext("2d");
      const scale = [canvas.width / task.columns, canvas.height / task.rows];
      context.lineCap = context.lineJoin = "round";
      const draw = (width, colour) => {
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.beginPath();
        context.moveTo(line[0][1] * scale[0], line[0][0] * scale[1]);
        for (const [row, column] of line) context.lineTo(column * scale[0] + 0.01, row * scale[1]);
        context.stroke();
      };
      if (kept.tool === "outline") {
        draw(4, "#000");
        draw(2, "#fff");
      } else draw(Math.max(2 * kept.size * scale[0], 1), erasing() ? "rgba(255,255,255,.75)" : task.colour);
    }

    function choose(tool) {
      kept.tool = tool;
      corners = [];
      for (const [key, made] of tools) made.setAttribute("aria-pressed", String(key === tool));
      showCursor();
      trace();
    }

    function resize(value) {
      kept.size = Math.min(Math.max(value, 0.5), 60);
      size.value = String(kept.size);
      told.textContent = ` ${kept.size} px`;
      showCursor();
    }

    function stroke(line, fill) {
      send({ kind: "stroke", points: line, radius_px: kept.size, erase: erasing(), fill });
    }

    function finish() {
      if (!points) return;
      const line = points;
      points = null;
      if (kept.tool !== "outline") stroke(line, false);
      else if (line.length > 2) stroke(line, true);
      else corners.push(line[0]), trace();
    }

    function close() {
      if (corners.length > 2) stroke(corners, true);
      corners = [];
      trace();
    }

    function press() {
      if (kept.tool !== "outline") return stroke([kept.at], false);
      corners.push(kept.at);
      trace();
    }

    function move(dy, dx) {
      const held = (value, most) => Math.min(Math.max(value, 0.5), most - 0.5);
      kept.at = [held(kept.at[0] + dy, task.rows), held(kept.at[1] + dx, task.columns)];
      showCursor();
    }

    frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      frame.setPointerCapture(event.pointerId);
      frame.focus({ preventScroll: true });
      points = [place(event)];
      trace();
      event.preventDefault();
    });
    frame.addEventListener("pointermove", (event) => {
      kept.at = place(event);
      showCursor();
      if (!points) return;
      points.push(kept.at);
      trace();
    });
    frame.addEventListener("pointerup", finish);
    frame.addEventListener("pointercancel", () => ((points = null), trace()));
    frame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = event.shiftKey ? 10 : 1;
      const keys = {
        ArrowUp: () => move(-step, 0), ArrowDown: () => move(step, 0), ArrowLeft: () => move(0, -step), ArrowRight: () => move(0, step),
        " ": press, f: close, p: () => choose("paint"), e: () => choose("erase"), o: () => choose("outline"),
        u: () => send({ kind: "undo" }), "[": () => resize(kept.size - 1), "]": () => resize(kept.size + 1),
      };
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      act();
      event.preventDefault();
      event.stopPropagation();
    });
    for (const [key, made] of tools) made.addEventListener("click", () => choose(key));
    size.addEventListener("input", () => resize(Number(size.value)));
    undo.addEventListener("click", () => send({ kind: "undo" }));
    invert.addEventListener("click", () => send({ kind: "invert" }));
    clear.addEventListener("click", () => send({ kind: "clear" }));

    const state = element("span", "tse-mute", "", { "aria-live": "polite" });
    const submit = element("button", "tse-main", "Submit my mask", { type: "button" });
    const none = button("There is none");
    submit.addEventListener("click", () => send({ kind: "submit" }));
    none.addEventListener("click", () => send({ kind: "submit", nothing: true }));
    const end = element("div", "tse-bar");
    end.append(submit, none, state);
    const keys = element("details", "tse-mute");
    keys.append(element("summary", "", "Keys"), element("div", "", HELP));
    root.append(bar, frame, element("div", "tse-mute", [task.panels[0].title, task.panels[0].size, task.panels[0].credit].filter(Boolean).join(" · ")), end, keys);

    redraw = () => {
      const now = model.get("painting");
      pictures.show(own, "attempt", model.get("attempt"));
      state.textContent = `${now.pixels.toLocaleString("en")} pixels painted in ${now.changes} changes`;
      undo.disabled = !now.can_undo;
      submit.disabled = now.pixels === 0;
      none.disabled = now.pixels !== 0;
      trace();
    };
    choose(kept.tool);
    resize(kept.size);
    redraw();
    requestAnimationFrame(showCursor);
    return root;
  }
  return { build, redraw: () => redraw(), rest: () => (redraw = () => {}) };
}

function panelsOf(task, images, pictures) {
  const row = element("div", "tse-panels");
  task.panels.forEach((panel, i) => {
    const figure = element("figure");
    const layers = [
      [`picture-${i}`, images[`picture-${i}`], panel.title],
      [`mask-${i}`, images[`mask-${i}`], `Mask of ${panel.label}`],
    ];
    figure.append(frameOf(panel.rows, panel.columns, layers, pictures), element("figcaption", "tse-mute", [panel.title, panel.size, panel.credit].filter(Boolean).join(" · ")));
    row.append(figure);
  });
  return row;
}

function numberForm(model, send, task, pictures) {
  const root = element("form", "tse-form");
  root.append(panelsOf(task, model.get("images"), pictures));
  const bar = element("div", "tse-bar");
  if (task.kind === "yes_no") {
    for (const [value, name] of [[true, "True"], [false, "Not true"]]) {
      const choice = element("button", "tse-main", name, { type: "button" });
      choice.addEventListener("click", () => send({ kind: "submit", value }));
      bar.append(choice);
    }
  } else {
    const field = element("input", "tse-number", null, { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `${task.prompt} In ${task.unit || "pieces"}` });
    bar.append(field, element("span", "", task.unit), element("button", "tse-main", "Submit my number", { type: "submit" }));
    root.addEventListener("keydown", (event) => event.stopPropagation());
  }
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = root.querySelector("input");
    if (field) send({ kind: "submit", value: field.value });
  });
  root.append(bar);
  return root;
}

function table(rows) {
  const made = element("table", "tse-table");
  const body = element("tbody");
  for (const [name, text] of rows) {
    const row = element("tr");
    row.append(element("th", "", name, { scope: "row" }), element("td", "", text));
    body.append(row);
  }
  made.append(body);
  return made;
}

function reviewOf(model, send, task, review, pictures) {
  const root = element("div");
  root.append(table(review.rows));
  for (const note of review.notes) root.append(element("div", "tse-mute", note));
  const onward = element("button", "tse-main", review.last ? "Show the whole answer" : "Next exercise", { type: "button" });
  onward.addEventListener("click", () => send({ kind: "continue" }));
  const end = element("div", "tse-bar");
  end.append(onward);
  root.append(end);
  const images = model.get("images");
  if (review.layers.length) {
    const bar = element("div", "tse-bar", null, { role: "group", "aria-label": "What to look at" });
    const holder = element("div");
    const legend = element("div", "tse-legend");
    const show = (key, name) => {
      for (const made of bar.children) made.setAttribute("aria-pressed", String(made.dataset.key === key));
      const layers = [["picture-0", images["picture-0"], task.panels[0].title]];
      if (key) layers.push([key, images[key], name]);
      holder.replaceChildren(frameOf(task.rows, task.columns, layers, pictures));
      legend.hidden = !key.startsWith("against");
      const other = key === "against-reference" ? "only the reference" : "only the model";
      legend.replaceChildren(
        ...review.legend.map(([label, colour]) => {
          const entry = element("span", "", label === "only the other" ? other : label);
          const swatch = element("i", "tse-swatch");
          swatch.style.background = colour;
          entry.prepend(swatch);
          return entry;
        }),
      );
    };
    for (const [key, name] of [...review.layers, ["", "Image only"]]) {
      const choice = button(name);
      choice.dataset.key = key;
      choice.addEventListener("click", () => show(key, name));
      bar.append(choice);
    }
    show(review.layers[0][0], review.layers[0][1]);
    root.append(bar, holder, legend);
  } else root.append(panelsOf(task, images, pictures));
  return root;
}

function endingOf(ending) {
  const root = element("div");
  root.append(element("p", "tse-lead", ending.text));
  if (ending.warnings.length) {
    const list = element("ul", "tse-warn");
    for (const text of ending.warnings) list.append(element("li", "", text));
    root.append(list);
  }
  const checks = element("ul", "tse-checks");
  for (const check of ending.checks) checks.append(element("li", check.passed ? "" : "tse-missed", `${check.passed ? "✓" : "✗"} ${check.name}: ${check.detail}`));
  root.append(checks, element("div", "tse-mute", ending.credit));
  return root;
}

function stepOf(step, number) {
  const made = element("li", step.held ? "tse-step tse-held" : "tse-step");
  made.append(element("span", "tse-tag", step.kind === "ground" ? `mask: ${step.label}` : step.kind === "measure" ? "number" : step.kind === "answer" ? "claim" : "thought"));
  made.append(element("div", "tse-said", step.text));
  if (step.method && step.kind === "ground") made.append(element("div", "tse-mute", step.method));
  if (step.reference) {
    const more = element("details", "tse-mute");
    more.append(element("summary", "", "Published in"), element("div", "", step.reference));
    made.append(more);
  }
  made.setAttribute("aria-label", `Step ${number}`);
  return made;
}

function render({ model, el }) {
  const pictures = new Pictures();
  let waiting = null;

  // The kernel answers every message; a kernel that was restarted no longer knows this lesson.
  function send(message) {
    clearTimeout(waiting);
    waiting = setTimeout(() => (told.textContent = SILENT), SILENCE_MS);
    try {
      model.send(message);
    } catch {
      told.textContent = SILENT;
    }
  }

  const canvas = easel(model, send, pictures);
  const root = element("section", "tse", null, { "aria-label": "Lesson" });
  const head = element("div");
  const name = element("input", "tse-name", null, { type: "text", maxlength: "80", placeholder: "anonymous", "aria-label": "Your name for the results" });
  name.addEventListener("change", () => send({ kind: "name", name: name.value }));
  name.addEventListener("keydown", (event) => event.stopPropagation());
  const told = element("div", "tse-problem", "", { role: "alert" });
  const steps = element("ol", "tse-steps", null, { "aria-label": "The chain so far", tabindex: "0" });
  const results = element("div", "tse-results");
  const work = element("div", "tse-work");
  const heading = element("h3", "tse-prompt", "", { tabindex: "-1" });
  const meaning = element("div", "tse-mute");
  const body = element("div");
  work.append(heading, meaning, told, body);
  const side = element("div");
  side.append(element("h4", "", "The chain so far"), steps, results);
  const columns = element("div", "tse-columns");
  columns.append(work, side);
  root.append(head, columns);
  el.appendChild(root);
  let before = "";

  function draw() {
    const now = model.get("document");
    const label = element("label", "tse-mute", "Name for the results ");
    const top = element("div", "tse-top");
    name.value = now.student;
    label.append(name);
    top.append(element("div", "tse-question", now.question), label);
    const dots = element("div", "tse-progress", null, { role: "img", "aria-label": `${now.given} of ${now.count} exercises given` });
    for (let i = 0; i < now.count; i++) dots.append(element("i", i < now.given ? "tse-done" : ""));
    head.replaceChildren(top, element("div", "tse-mute", now.place), dots);

    steps.replaceChildren(...now.steps.map((step, i) => stepOf(step, i + 1)));
    if (!now.steps.length) steps.append(element("li", "tse-mute", "Nothing was shown yet."));
    steps.scrollTop = steps.scrollHeight;
    results.replaceChildren();
    if (now.results.length) results.append(element("h4", "", "Your results"), table(now.results.map((r) => [`${r.number}. ${r.subject}`, r.text])));

    canvas.rest();
    const { task, phase } = now;
    meaning.textContent = phase === "task" ? task.meaning : "";
    if (phase === "end") {
      heading.textContent = "The whole answer";
      body.replaceChildren(endingOf(now.ending));
    } else {
      heading.textContent = `${task.number} of ${now.count}. ${task.prompt}`;
      const made = phase === "review" ? reviewOf(model, send, task, now.review, pictures) : task.kind === "mask" ? canvas.build(task) : numberForm(model, send, task, pictures);
      body.replaceChildren(made);
    }
    const here = `${phase} ${now.given}`;
    if (before && before !== here) {
      heading.focus({ preventScroll: true });
      head.scrollIntoView({ block: "nearest" });
    }
    before = here;
  }

  const changed = () => {
    const now = model.get("document");
    if (before !== `${now.phase} ${now.given}`) draw();
    else name.value = now.student;
  };
  model.on("change:document", changed);
  model.on("change:attempt", () => canvas.redraw());
  model.on("change:painting", () => canvas.redraw());
  model.on("msg:custom", () => {
    clearTimeout(waiting);
    told.textContent = model.get("problem");
  });
  model.on("change:problem", () => (told.textContent = model.get("problem")));
  told.textContent = model.get("problem");
  draw();
  return () => {
    clearTimeout(waiting);
    pictures.release();
  };
}

export default { render };
