// Moves [data-drag-item] between [data-drop-zone="value"] by mouse or keyboard. A drop fills in and sends the item's own
// form[data-move-form], the very form that works without this file; so the server decides, and htmx may improve it.
const zones = () => [...document.querySelectorAll("[data-drop-zone]")];
const voice = document.createElement("p");
voice.className = "sr-only";
voice.setAttribute("role", "status");
document.body.append(voice);

let lifted = null;
let target = null;

function aim(zone) {
  for (const each of zones()) each.classList.toggle("is-target", each === zone);
  target = zone;
}

function lift(item) {
  lifted = item;
  item.classList.add("is-lifted");
  aim(item.closest("[data-drop-zone]"));
}

function release() {
  lifted?.classList.remove("is-lifted");
  lifted?.querySelector("[data-drag-handle]")?.setAttribute("aria-pressed", "false");
  lifted = null;
  aim(null);
}

function drop() {
  const form = lifted.querySelector("form[data-move-form]");
  const moved = target && target !== lifted.closest("[data-drop-zone]");
  if (moved) {
    form.elements[form.dataset.moveForm].value = target.dataset.dropZone;
    target.append(lifted);
    voice.textContent = `Moved to ${target.dataset.dropLabel}.`;
  }
  release();
  if (moved) form.requestSubmit();
}

function onKey(event) {
  const handle = event.target.closest("[data-drag-handle]");
  if (!handle) return;
  const lifts = event.key === " " || event.key === "Enter";
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (lifts && lifted) drop();
  else if (lifts) {
    lift(handle.closest("[data-drag-item]"));
    handle.setAttribute("aria-pressed", "true");
    voice.textContent = "Picked up. Arrow keys choose a week, Space drops, Escape puts it back.";
  } else if (lifted && step) {
    const all = zones();
    const next = all[Math.min(Math.max(all.indexOf(target) + step, 0), all.length - 1)];
    aim(next);
    voice.textContent = next.dataset.dropLabel;
  } else if (lifted && event.key === "Escape") {
    release();
    voice.textContent = "Put back.";
  } else return;
  event.preventDefault();
}

function prepare() {
  for (const item of document.querySelectorAll("[data-drag-item]:not([draggable])")) {
    item.draggable = true;
    item.querySelector("[data-drag-handle]").hidden = false;
  }
}

document.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.("[data-drag-item]");
  if (!item) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  lift(item);
});
document.addEventListener("dragover", (event) => {
  const zone = lifted && event.target.closest("[data-drop-zone]");
  if (!zone) return;
  event.preventDefault();
  if (zone !== target) aim(zone);
});
document.addEventListener("drop", (event) => {
  if (!lifted) return;
  event.preventDefault();
  drop();
});
document.addEventListener("dragend", release);
document.addEventListener("keydown", onKey);
document.addEventListener("htmx:after:swap", prepare);
prepare();
