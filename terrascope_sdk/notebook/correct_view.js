// A mask to paint on. Strokes go to Python as places in pixels; what comes back is drawn.

function element(name, classes = "", text = null, attributes = {}) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text !== null) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function render({ model, el }) {
  const root = element("div", "tsc");
  const bar = element("div", "tsc-bar", null, { role: "toolbar", "aria-label": "Brush" });
  const paint = element("button", "", "Paint", { type: "button", "aria-pressed": "true" });
  const erase = element("button", "", "Erase", { type: "button", "aria-pressed": "false" });
  const size = element("input", "", null, { type: "range", min: "0.5", max: "20", step: "0.5", value: "3", "aria-label": "Radius of the brush in pixels" });
  const undo = element("button", "", "Undo", { type: "button" });
  bar.append(paint, erase, element("span", "tsc-mute", "Brush"), size, undo);
  const frame = element("div", "tsc-frame", null, {
    tabindex: "0", role: "application",
    "aria-label": "Mask. Arrow keys move the brush, space paints, E switches to erasing, P to painting, U takes back.",
  });
  const picture = element("img", "", null, { alt: "The image that was looked at", draggable: "false" });
  const mask = element("img", "", null, { alt: "The mask as it is now", draggable: "false" });
  const canvas = element("canvas");
  const cursor = element("div", "tsc-cursor");
  frame.append(picture, mask, canvas, cursor);
  const problem = element("div", "tsc-problem", "", { role: "alert" });
  const numbers = element("table", "tsc-numbers");
  const told = element("div", "tsc-mute", "", { "aria-live": "polite" });
  root.append(bar, frame, told, problem, numbers);
  el.appendChild(root);
  el.appendChild(element("style", "", `.${model.get("twin")}{display:none}`)); // its static copy, while it lives

  let erasing = false;
  let points = null;
  let at = [0.5, 0.5];
  const urls = {};

  const show = (image, key) => {
    const bytes = model.get(key);
    if (urls[key]) URL.revokeObjectURL(urls[key]);
    if (!bytes || !bytes.byteLength) return image.removeAttribute("src");
    urls[key] = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    image.src = urls[key];
  };

  function choose(toErase) {
    erasing = toErase;
    paint.setAttribute("aria-pressed", String(!erasing));
    erase.setAttribute("aria-pressed", String(erasing));
  }

  const document_ = () => model.get("document");
  const radius = () => Number(size.value);

  function place(event) {
    const box = frame.getBoundingClientRect();
    const about = document_();
    return [((event.clientY - box.top) / box.height) * about.rows, ((event.clientX - box.left) / box.width) * about.columns];
  }

  function showCursor() {
    const about = document_();
    const width = frame.clientWidth / about.columns;
    cursor.style.width = cursor.style.height = `${2 * radius() * width}px`;
    cursor.style.left = `${(at[1] / about.columns) * 100}%`;
    cursor.style.top = `${(at[0] / about.rows) * 100}%`;
  }

  function trace() {
    const about = document_();
    canvas.width = frame.clientWidth;
    canvas.height = frame.clientHeight;
    if (!points) return;
    const context = canvas.getContext("2d");
    const scale = canvas.width / about.columns;
    context.lineWidth = Math.max(2 * radius() * scale, 1);
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = erasing ? "rgba(255,255,255,.6)" : about.colour;
    context.beginPath();
    for (const [row, column] of points) context.lineTo(column * scale, row * (canvas.height / about.rows));
    context.lineTo(points[0][1] * scale + 0.1, points[0][0] * (canvas.height / about.rows));
    if (points.length > 1) context.beginPath(), points.forEach(([r, c]) => context.lineTo(c * scale, r * (canvas.height / about.rows)));
    context.stroke();
  }

  function finish() {
    if (!points) return;
    model.send({ kind: "stroke", points, radius_px: radius(), erase: erasing });
    points = null;
  }

  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    frame.setPointerCapture(event.pointerId);
    frame.focus();
    points = [place(event)];
    trace();
    event.preventDefault();
  });
  frame.addEventListener("pointermove", (event) => {
    at = place(event);
    showCursor();
    if (points) {
      points.push(at);
      trace();
    }
  });
  frame.addEventListener("pointerup", finish);
  frame.addEventListener("keydown", (event) => {
    const about = document_();
    const step = event.shiftKey ? 10 : 1;
    const ways = { ArrowUp: [-step, 0], ArrowDown: [step, 0], ArrowLeft: [0, -step], ArrowRight: [0, step] };
    if (event.key in ways) {
      at = [
        Math.min(Math.max(at[0] + ways[event.key][0], 0.5), about.rows - 0.5),
        Math.min(Math.max(at[1] + ways[event.key][1], 0.5), about.columns - 0.5),
      ];
      showCursor();
    } else if (event.key === " ") {
      points = [at];
      finish();
    } else if (event.key === "e" || event.key === "E") choose(true);
    else if (event.key === "p" || event.key === "P") choose(false);
    else if (event.key === "u" || event.key === "U") model.send({ kind: "undo" });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  paint.addEventListener("click", () => choose(false));
  erase.addEventListener("click", () => choose(true));
  undo.addEventListener("click", () => model.send({ kind: "undo" }));
  size.addEventListener("input", showCursor);

  function draw() {
    const about = document_();
    frame.style.aspectRatio = `${about.columns} / ${about.rows}`;
    told.textContent = `${about.title}: ${about.changed.toLocaleString("en")} pixels changed in ${about.strokes} stroke${about.strokes === 1 ? "" : "s"}`;
    problem.textContent = model.get("problem");
    const head = element("thead");
    const top = element("tr");
    for (const name of ["Measured", "Before", "Now"]) top.append(element("th", "", name, { scope: "col" }));
    head.append(top);
    const body = element("tbody");
    for (const number of about.numbers) {
      const row = element("tr", number.before !== number.text ? "tsc-new" : "");
      const name = element("td");
      name.append(element("b", "", number.name), element("div", "tsc-mute", number.subject));
      row.append(name, element("td", "", number.before || "-"), element("td", "tsc-now", number.text));
      body.append(row);
    }
    numbers.replaceChildren(head, body);
    undo.disabled = about.strokes === 0;
    trace();
  }

  const again = { document: draw, problem: draw, mask_png: () => show(mask, "mask_png"), picture: () => show(picture, "picture") };
  for (const [key, how] of Object.entries(again)) model.on(`change:${key}`, how);
  show(picture, "picture");
  show(mask, "mask_png");
  draw();
  showCursor();
  return () => Object.values(urls).forEach((url) => URL.revokeObjectURL(url));
}

export default { render };
