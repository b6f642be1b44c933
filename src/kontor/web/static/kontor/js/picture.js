"use strict";
/* Maps that zoom and pictures that can be saved. Without the script the whole map, its table and the CSV are there. */

(() => {
  const NEAREST = 12; // how many times closer than the whole map

  const enhanceMap = (frame) => {
    const svg = frame.querySelector("svg.plot");
    if (!svg || frame.querySelector(".map-controls")) return;
    const start = svg.viewBox.baseVal;
    const whole = { x: start.x, y: start.y, width: start.width, height: start.height };
    let view = { ...whole };

    const draw = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    const zoom = (factor, cx = view.x + view.width / 2, cy = view.y + view.height / 2) => {
      const width = Math.min(whole.width * 2, Math.max(whole.width / NEAREST, view.width / factor));
      const share = width / view.width;
      view = {
        x: cx - (cx - view.x) * share,
        y: cy - (cy - view.y) * share,
        width,
        height: view.height * share,
      };
      /* Circles keep their size on the screen while the land grows. */
      for (const circle of svg.querySelectorAll("circle")) {
        circle.dataset.r ??= circle.getAttribute("r");
        circle.setAttribute("r", Number(circle.dataset.r) * Math.sqrt(width / whole.width));
      }
      draw();
    };
    const move = (dx, dy) => {
      view.x += dx * view.width;
      view.y += dy * view.height;
      draw();
    };
    const controls = document.createElement("div");
    controls.className = "map-controls";
    for (const [text, label, act] of [
      ["+", frame.dataset.closer, () => zoom(1.6)],
      ["−", frame.dataset.farther, () => zoom(1 / 1.6)],
      ["⤢", frame.dataset.whole, () => { view = { ...whole }; zoom(1); }],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-label", label);
      button.title = label;
      button.addEventListener("click", act);
      controls.append(button);
    }
    frame.append(controls);

    controls.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
      if (!step) return;
      event.preventDefault();
      move(...step);
    });
    /* The wheel scrolls the page; with Ctrl (and so a pinch on a track pad) it zooms the map. */
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, place.x, place.y);
    }, { passive: false });

    let last = null;
    svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button) return; // a finger scrolls the page
      last = { x: event.clientX, y: event.clientY, moved: false };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!last) return;
      const dx = event.clientX - last.x;
      const dy = event.clientY - last.y;
      if (!last.moved && Math.hypot(dx, dy) < 4) return;
      svg.setPointerCapture(event.pointerId);
      svg.setAttribute("data-panning", "");
      move(-dx / svg.clientWidth, -dy / svg.clientHeight);
      last = { x: event.clientX, y: event.clientY, moved: true };
    });
    let dragged = false;
    const release = () => {
      dragged = Boolean(last?.moved);
      last = null;
      svg.removeAttribute("data-panning");
    };
    svg.addEventListener("pointerup", release);
    svg.addEventListener("pointercancel", release);
    /* Letting go after a drag is not a click on the country below. */
    svg.addEventListener("click", (event) => {
      if (dragged) event.preventDefault();
      dragged = false;
    }, { capture: true });
    svg.addEventListener("dragstart", (event) => event.preventDefault());
  };

  /* Export: a copy that carries its colours with it, with title, unit and source around it. */
  const NS = "http://www.w3.org/2000/svg";
  const COPIED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-linejoin", "font-size", "font-family", "font-weight"];
  const WIDTH = 960;

  const copyLook = (from, to) => {
    const look = getComputedStyle(from);
    if (from instanceof SVGGraphicsElement && !(from instanceof SVGSVGElement)) {
      for (const name of COPIED) to.setAttribute(name, look.getPropertyValue(name));
    }
    to.removeAttribute("class");
    [...from.children].forEach((child, position) => copyLook(child, to.children[position]));
  };
  const line = (text, y, size, weight, colour) => {
    const made = document.createElementNS(NS, "text");
    for (const [name, value] of Object.entries({ x: 24, y, "font-size": size, "font-weight": weight, fill: colour, "font-family": "sans-serif" })) {
      made.setAttribute(name, value);
    }
    made.textContent = text;
    return made;
  };
  const standAlone = (figure) => {
    const plot = figure.querySelector("svg.plot");
    const copy = plot.cloneNode(true);
    copyLook(plot, copy);
    const box = plot.viewBox.baseVal;
    const scaled = plot.hasAttribute("viewBox");
    const inner = WIDTH - 48;
    const height = scaled ? (inner * box.height) / box.width : plot.height.baseVal.value;
    for (const [name, value] of Object.entries({ x: 24, y: 88, width: inner, height })) copy.setAttribute(name, value);
    const out = document.createElementNS(NS, "svg");
    const total = height + 88 + 48;
    for (const [name, value] of Object.entries({ xmlns: NS, width: WIDTH, height: total, viewBox: `0 0 ${WIDTH} ${total}` })) {
      out.setAttribute(name, value);
    }
    const look = getComputedStyle(figure);
    const ground = document.createElementNS(NS, "rect");
    for (const [name, value] of Object.entries({ width: WIDTH, height: total, fill: look.backgroundColor })) ground.setAttribute(name, value);
    const words = (selector) => figure.querySelector(selector)?.textContent.trim() || "";
    out.append(
      ground,
      line(words(".picture-title"), 40, 20, 650, look.color),
      line(words("figcaption .soft"), 64, 14, 400, look.color),
      copy,
      line(words(".picture-source"), total - 18, 14, 400, look.color),
    );
    return { text: new XMLSerializer().serializeToString(out), width: WIDTH, height: total };
  };
  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const savePng = ({ text, width, height }, name) => {
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      canvas.width = width * 2;
      canvas.height = height * 2;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, name), "image/png");
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-export]");
    const figure = button?.closest("figure.picture");
    if (!figure) return;
    const picture = standAlone(figure);
    if (button.dataset.export === "svg") save(new Blob([picture.text], { type: "image/svg+xml" }), `${figure.id}.svg`);
    else savePng(picture, `${figure.id}.png`);
  });

  const enhance = (root) => {
    for (const frame of root.querySelectorAll("[data-map]")) enhanceMap(frame);
    for (const button of root.querySelectorAll("[data-export]")) button.hidden = false;
  };
  document.addEventListener("DOMContentLoaded", () => enhance(document));
  document.addEventListener("htmx:afterSwap", (event) => enhance(event.target));
})();
