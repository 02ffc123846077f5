// The judgment's text, exactly as obtained. The record counts code points, the browser UTF-16 units: both ways here.

import { el } from "./dom.js";

const SECTIONS = {
  title: "Title 标题", header: "Parties 当事人", procedure: "Procedure 案件由来", prosecution: "Prosecution 控方意见",
  defence: "Defence 辩方意见", findings: "Findings 查明事实", opinion: "Opinion 本院认为", disposition: "Disposition 判决主文",
  tail: "Close 尾部", appendix: "Appendix 附录",
};
const pane = document.getElementById("text");
let text = "";
let pairs = []; // code points outside the basic plane, each of which is two units
let pieces = []; // {start, node}: where, in units, each text node begins

function before(list, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function toUnits(point) {
  return point + before(pairs, point);
}

export function toPoints(unit) {
  let low = Math.max(0, unit - pairs.length);
  let high = unit;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (toUnits(middle) < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function render(whole, sections) {
  text = whole;
  pairs = [];
  pieces = [];
  let point = 0;
  for (const character of whole) {
    if (character.length === 2) pairs.push(point);
    point += 1;
  }
  pane.replaceChildren();
  const starts = [{ name: "", start: 0 }, ...sections].map(({ name, start }) => ({ name, start: toUnits(start) }));
  starts.forEach(({ name, start }, number) => {
    const end = number + 1 < starts.length ? starts[number + 1].start : whole.length;
    if (end <= start) return;
    const node = document.createTextNode(whole.slice(start, end));
    pieces.push({ start, node });
    pane.append(el("section", { "data-label": SECTIONS[name] ?? "" }, node));
  });
  pane.scrollTop = 0;
}

function place(unit, atEnd) {
  // The end of a passage belongs to the piece in which its last character stands.
  let number = pieces.length - 1;
  while (number > 0 && (atEnd ? pieces[number].start >= unit : pieces[number].start > unit)) number -= 1;
  const { node, start } = pieces[number];
  return [node, Math.min(Math.max(unit - start, 0), node.length)];
}

function range([start, end]) {
  const made = new Range();
  made.setStart(...place(toUnits(start), false));
  made.setEnd(...place(toUnits(end), true));
  return made;
}

export function mark(name, passages) {
  if (!pieces.length) return;
  CSS.highlights.set(name, new Highlight(...passages.map(range)));
}

export function reveal(passage) {
  if (!passage || !pieces.length) return;
  const found = range(passage).getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (found.top < frame.top + 40 || found.bottom > frame.bottom - 40) {
    pane.scrollTop += found.top - frame.top - frame.height / 3;
  }
}

export function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const chosen = selection.getRangeAt(0);
  const unit = (node, offset) => {
    const piece = pieces.find((one) => one.node === node);
    if (piece) return piece.start + offset;
    // between two sections, or after the last one
    const next = pieces.find((one) => node.childNodes[offset]?.contains(one.node));
    return next ? next.start : pane.contains(node) ? text.length : null;
  };
  const start = unit(chosen.startContainer, chosen.startOffset);
  const end = unit(chosen.endContainer, chosen.endOffset);
  return start === null || end === null || start >= end ? null : [toPoints(start), toPoints(end)];
}

export function find(words, from) {
  const here = text.indexOf(words, from);
  const found = here < 0 ? text.indexOf(words) : here;
  if (!words || found < 0) return null;
  const passage = [toPoints(found), toPoints(found + words.length)];
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range(passage));
  reveal(passage);
  return { passage, next: found + 1 };
}

export function words([start, end]) {
  return text.slice(toUnits(start), toUnits(end));
}

export function passageAt(x, y) {
  const caret = document.caretRangeFromPoint?.(x, y);
  const piece = caret && pieces.find((one) => one.node === caret.startContainer);
  return piece ? toPoints(piece.start + caret.startOffset) : null;
}
