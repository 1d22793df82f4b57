/* A Sankey diagram whose ribbons and nodes can be clicked, by mouse or keyboard.
 *
 * Heights are computed in Python (pages/flows_parts/sankey_chart.py); here only the width of the
 * screen is added. Texts come in as plain text and go out through textContent.
 */
const SVG = "http://www.w3.org/2000/svg";
const BAR = 14;

function make(tag, attributes, parent) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (parent) parent.appendChild(node);
  return node;
}

function ribbonPath(r, x0, x1) {
  const m = (x0 + x1) / 2;
  return `M${x0},${r.y0}C${m},${r.y0} ${m},${r.ty0} ${x1},${r.ty0}V${r.ty1}C${m},${r.ty1} ${m},${r.y1} ${x0},${r.y1}Z`;
}

function pressable(node, label, press) {
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", label);
  make("title", {}, node).textContent = label;
  node.addEventListener("click", press);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      press();
    }
  });
}

function fitted(text, label, room) {
  text.textContent = label;
  let short = label;
  while (short.length > 4 && text.getComputedTextLength() > room) {
    short = short.slice(0, -2);
    text.textContent = short.trimEnd() + "…";
  }
}

function draw(svg, data, width, send) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${data.height}`);
  svg.setAttribute("width", width);
  svg.setAttribute("height", data.height);
  const last = data.headings.length - 1;
  const x = (stage) => (stage * (width - BAR)) / last;
  data.headings.forEach((heading, stage) => {
    const anchor = stage === 0 ? "start" : stage === last ? "end" : "middle";
    const at = stage === 0 ? 0 : stage === last ? width : x(stage) + BAR / 2;
    make("text", { x: at, y: 14, "text-anchor": anchor, class: "heading" }, svg).textContent = heading;
  });
  for (const r of data.ribbons) {
    const source = data.nodes[r.source];
    const path = make("path", { d: ribbonPath(r, x(source.stage) + BAR, x(source.stage + 1)), fill: r.color }, svg);
    path.setAttribute("class", `ribbon${r.on ? "" : " off"}${r.unknown ? " unknown" : ""}`);
    if (r.unknown) path.setAttribute("stroke", r.color);
    pressable(path, r.title, () => send(r.id));
  }
  const room = (width / last) * 0.46;
  for (const node of data.nodes) {
    const group = make("g", { class: `node${node.on ? "" : " off"}` }, svg);
    make("rect", { x: x(node.stage), y: node.y0, width: BAR, height: Math.max(2, node.y1 - node.y0), fill: node.color, rx: 2 }, group);
    const end = node.stage === last;
    const text = make("text", {
      x: end ? x(node.stage) - 6 : x(node.stage) + BAR + 6,
      y: (node.y0 + node.y1) / 2,
      "text-anchor": end ? "end" : "start",
      "dominant-baseline": "middle",
    }, group);
    fitted(text, width > 620 ? `${node.label} · ${node.amount}` : node.label, room);
    pressable(group, node.title, () => send(node.id));
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let svg = parentElement.querySelector("svg");
  if (!svg) {
    svg = make("svg", { role: "group" });
    parentElement.appendChild(svg);
  }
  svg.setAttribute("aria-label", data.label);
  const host = parentElement.host || parentElement;
  let width = 0;
  const redraw = () => {
    const now = Math.round(host.getBoundingClientRect().width);
    if (now < 100 || now === width) return;
    width = now;
    draw(svg, data, width, (id) => setTriggerValue("clicked", id));
  };
  redraw();
  const watcher = new ResizeObserver(redraw);
  watcher.observe(host);
  return () => watcher.disconnect();
}
