// One person at work on one judgment: keys, actions, and what is shown after each.

import { documentAddress, get, post } from "./api.js";
import { el, show } from "./dom.js";
import { beside, load, openFigures, openQueue, queueKey, rows } from "./queue.js";
import { lineOf, renderDifferences, renderSheet, rowOf, tabLines, toLook } from "./sheet.js";
import * as text from "./text.js";

const KEYS = [
  ["↑ ↓ / k j", "previous, next field 上一、下一字段"], ["← → / h l", "previous, next defendant 上一、下一被告人"],
  ["< >", "previous, next judgment 上一、下一文书"], ["f", "next field to check 下一待核对字段"],
  ["1 … 9, 0", "choose a value 选值"], ["Enter", "type a value: 一年六个月, 3万元 输入"], ["Delete", "clear the value 清空"],
  ["/", "find in the text 查找"], ["e", "evidence: the selected passage 选中文字设为证据"], ["E", "one passage more 追加证据"],
  ["x", "remove the evidence 删除证据"], ["a", "accept the field 确认字段"], ["d", "accept the defendant, or the case 确认被告人"],
  ["g", "accept the judgment and go on 确认全案并继续"], ["A", "open again what was accepted 取消确认"],
  ["u", "undo 撤销"], ["r", "redo 重做"], ["+", "add to this list: charge, count, counsel 添加"], ["-", "remove this item 删除"],
  ["D", "add a defendant 添加被告人"], ["N", "rename the defendant 更名"], ["X", "remove the defendant 删除被告人"],
  ["m", "note on the field 字段备注"], ["M", "note on the judgment 文书备注"], ["o", "the guide at this field 打开指南"],
  ["v", "differences, or the whole record 分歧或全部字段"], ["q", "queue 列表"], ["?", "these keys 按键"], ["Esc", "back 返回"],
];
const elements = Object.fromEntries(["where", "saved", "banner", "help", "ask", "ask-input", "ask-label"].map((id) => [id, document.getElementById(id)]));
const page = {
  view: null, tab: "case", active: null, difference: 0, whole: false, rows: new Map(), lists: new Map(), groups: {},
  open, go, goDifference, openTab, choose, take, acceptJudgment, say, where: (words) => (elements.where.textContent = words),
};
let waiting = Promise.resolve();

function say(words) {
  elements.banner.textContent = words ?? "";
  elements.banner.hidden = !words;
}

function showSaved(words) {
  elements.saved.textContent = words;
}

const settling = () => page.view.differences.length > 0 && !page.whole;

function render() {
  if (settling()) renderDifferences(page);
  else renderSheet(page);
  const shown = settling() ? page.view.differences[page.difference] : null;
  const line = shown ? null : lineOf(page.view, page.active);
  const passages = (side) => (shown ? shown[side].evidence.map((entry) => [entry.start, entry.end]) : []);
  text.mark("evidence", shown ? [] : tabLines(page.view, page.tab).flatMap((one) => one.evidence));
  text.mark("active", line?.evidence ?? []);
  text.mark("first", passages("first"));
  text.mark("second", passages("second"));
  return line?.evidence[0] ?? passages("first")[0] ?? passages("second")[0];
}

function open(docId) {
  location.hash = "#/judgment/" + encodeURIComponent(docId);
}

async function openJudgment(docId) {
  const { ok, body } = await get(documentAddress(docId));
  if (!ok) return say(body.error);
  say();
  show("judgment");
  page.view = body;
  page.where((body.case_number ?? docId) + (body.layer === "common" ? "" : ` · ${body.layer}`));
  page.whole = false;
  page.difference = Math.max(0, body.differences.findIndex((one) => !one.settled));
  text.render(body.text, body.sections);
  showSaved(body.saved ? `saved ${body.saved.time.slice(11, 19)} ${body.saved.by} 已保存` : "as read 机器结果");
  const first = toLook(body)[0] ?? body.lines.find((line) => line.defendant === 0) ?? body.lines[0];
  go(first.path);
}

function go(path) {
  const line = lineOf(page.view, path);
  page.tab = line.defendant === null ? "case" : line.defendant;
  page.active = path;
  text.reveal(render());
}

function goDifference(number) {
  page.difference = number;
  text.reveal(render());
}

function openTab(tab) {
  const [first] = tabLines(page.view, tab);
  if (first) go(first.path);
}

function step(by) {
  if (settling()) return goDifference(Math.min(Math.max(page.difference + by, 0), page.view.differences.length - 1));
  const lines = tabLines(page.view, page.tab);
  const here = lines.findIndex((line) => line.path === page.active);
  go(lines[Math.min(Math.max(here + by, 0), lines.length - 1)].path);
}

function stepTab(by) {
  const tabs = ["case", ...page.view.defendants.keys()];
  const next = tabs[tabs.indexOf(page.tab) + by];
  if (next !== undefined) openTab(next);
}

function nextToLook() {
  const lines = toLook(page.view);
  const order = page.view.lines.map((line) => line.path);
  const later = lines.find((line) => order.indexOf(line.path) > order.indexOf(page.active)) ?? lines[0];
  if (later) go(later.path);
  else say("Nothing marked is left 无待核对项");
}

// Actions go to the server one after the other; what is shown is always what the server has on disk.
function act(action) {
  const before = page.view.doc_id;
  waiting = waiting.then(async () => {
    if (page.view.doc_id !== before) return false;
    showSaved("saving… 保存中");
    const { ok, status, body } = await post(documentAddress(before), { seen: page.view.version, ...action });
    if (page.view.doc_id !== before) return ok;
    if (ok || status === 409) Object.assign(page.view, body);
    if (ok) {
      say();
      showSaved(`saved ${body.saved.time.slice(11, 19)} 已保存`);
    } else {
      showSaved("NOT saved 未保存");
      say(status === 409 ? faster(body.latest) : `Not saved 未保存: ${body.error}`);
    }
    if (!lineOf(page.view, page.active)) {
      const lines = tabLines(page.view, page.tab);
      const left = lines.length ? lines : page.view.lines;
      const owner = page.active.slice(0, page.active.lastIndexOf("/"));
      page.active = (left.filter((line) => owner.startsWith(line.path)).at(-1) ?? left[0]).path;
      page.tab = lineOf(page.view, page.active).defendant ?? "case";
    }
    render();
    return ok;
  });
  return waiting;
}

function faster(latest) {
  if (!latest) return "Not saved 未保存";
  const value = latest.event.verb === "set" ? ` = ${latest.event.new.filter((one) => one !== null).join(" ")}` : "";
  return `Not saved: ${latest.annotator} was faster (${latest.verb ?? latest.event.verb} ${latest.event.path}${value}, ` +
    `${latest.time.slice(11, 19)}). You see the record as it is now. 他人已先修改，请核对后重做`;
}

const send = (verb, more = {}, typed) => act({ event: { verb, path: page.active, ...more }, ...(typed === undefined ? {} : { typed }) });

function current() {
  const line = lineOf(page.view, page.active);
  return { line, row: rowOf(page, line) };
}

function choose(number) {
  if (settling()) return number < 2 ? take(page.difference, number + 1) : undefined;
  const { row } = current();
  if (row?.kind === "choice" && row.options[number]) return send("set", { new: [row.options[number].value] });
}

async function take(number, side) {
  page.difference = number;
  if (!(await act({ difference: number, side }))) return;
  const next = page.view.differences.findIndex((one) => !one.settled);
  if (next >= 0) goDifference(next);
}

function clear() {
  const { row } = current();
  if (!row) return;
  if (row.kind === "choice") return send("set", { new: [row.default] });
  return send("set", {}, "");
}

// The line at the bottom closes at once, so that the next key is a command again; it comes back if the answer was refused.
let asked = null;
function ask(label, value, answer, stays = false) {
  asked = { label, answer, stays };
  elements["ask-label"].textContent = label;
  elements["ask-input"].value = value;
  elements.ask.hidden = false;
  elements["ask-input"].focus();
  elements["ask-input"].select();
}

function stopAsking() {
  elements.ask.hidden = true;
  asked = null;
  document.getElementById("text").focus();
}

elements.ask.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { label, answer, stays } = asked;
  const words = elements["ask-input"].value;
  if (!stays) stopAsking();
  const taken = await answer(words);
  if (!taken && !stays && !asked) ask(label, words, answer);
});

function type() {
  const { line, row } = current();
  if (!row) return;
  const shown = row.kind === "choice" ? "" : line.shown;
  ask(`${row.english} ${row.chinese}`, shown, (value) => send("set", {}, value));
}

function search() {
  let from = 0;
  let last = "";
  ask("Find 查找 (Enter: next 下一处, Esc: keep the selection 保留选择)", "", (words) => {
    const found = text.find(words, words === last ? from : 0);
    if (found) from = found.next;
    last = words;
    say(found ? "" : "not in the text 未找到");
  }, true);
}

function evidence(more) {
  const passage = text.selected();
  if (!passage) return say("Select a passage first: with the mouse, or find it with / 请先选择文字");
  const { line } = current();
  document.getSelection().removeAllRanges();
  return send("evidence", { new_evidence: more ? [...line.evidence, passage] : [passage] });
}

const isItem = (path) => /\/(charges_prosecuted|charges_convicted|counts|counsel)\/\d+(\/|$)/.test(path);

async function add() {
  const list = page.active.match(/^(\/defendants\/\d+\/(?:charges_prosecuted|charges_convicted|sentence\/counts|counsel))(\/|$)/);
  if (!list) return say("Go to a charge, a count or a counsel first 请先移到罪名、各罪刑罚或辩护人");
  const number = new Set(page.view.lines.filter((line) => line.item !== null && line.path.startsWith(list[1] + "/")).map((line) => line.item)).size;
  if (!(await act({ event: { verb: "add", path: `${list[1]}/${number}` } }))) return;
  go(page.view.lines.find((line) => line.item === number && line.path.startsWith(list[1] + "/")).path);
  type();
}

async function remove() {
  if (!isItem(page.active)) return say("Only a charge, a count or a counsel can be removed; a defendant with X 仅可删除列表项");
  const [path] = page.active.match(/^.*\/(?:charges_prosecuted|charges_convicted|counts|counsel)\/\d+/);
  return act({ event: { verb: "remove", path } });
}

async function addDefendant() {
  const number = page.view.defendants.length;
  if (!(await act({ event: { verb: "add", path: `/defendants/${number}` } }))) return;
  go(`/defendants/${number}/name`);
  type();
}

function rename() {
  if (page.tab === "case") return;
  go(`/defendants/${page.tab}/name`);
  type();
}

async function acceptJudgment() {
  const docId = page.view.doc_id;
  if (!(await act({ event: { verb: "accept", path: "" } }))) return;
  const following = rows.slice(rows.findIndex((row) => row.doc_id === docId) + 1).map((row) => row.doc_id);
  await load();
  const left = rows.filter((row) => row.ready && !row.done).map((row) => row.doc_id);
  const next = following.find((one) => left.includes(one)) ?? left[0];
  if (next) open(next);
  else location.hash = "#/queue";
}

function note(path) {
  const before = path ? lineOf(page.view, path)?.note : page.view.note;
  ask("Note 备注", before ?? "", (words) => act({ event: { verb: "note", path, new: words } }));
}

function beside_(step_) {
  const next = beside(page.view.doc_id, step_);
  if (next) open(next);
  else say("There is no other judgment in the queue 列表中没有其他文书");
}

function guide() {
  const { row, line } = current();
  const field = (row?.field ?? page.lists.get(line.template).template.replaceAll("/#", "").slice(1).replaceAll("/", "."));
  window.open("/guide#" + field.replace(/^defendants\./, ""), "_blank", "noopener");
}

const actions = {
  ArrowUp: () => step(-1), k: () => step(-1), ArrowDown: () => step(1), j: () => step(1),
  ArrowLeft: () => stepTab(-1), h: () => stepTab(-1), ArrowRight: () => stepTab(1), l: () => stepTab(1),
  "<": () => beside_(-1), ">": () => beside_(1), f: nextToLook, Enter: type, Delete: clear, Backspace: clear,
  "/": search, e: () => evidence(false), E: () => evidence(true), x: () => send("evidence", { new_evidence: [] }),
  a: async () => {
    if (settling()) return take(page.difference, 1);
    if (await send("accept")) step(1);
  },
  d: () => act({ event: { verb: "accept", path: page.tab === "case" ? "/case" : `/defendants/${page.tab}` } }),
  g: acceptJudgment,
  A: () => act({ event: { verb: "reopen", path: page.view.done ? "" : page.active } }),
  u: () => act({ event: { verb: "undo" } }), r: () => act({ event: { verb: "redo" } }),
  "+": add, "-": remove, D: addDefendant, N: rename,
  X: () => page.tab !== "case" && act({ event: { verb: "remove", path: `/defendants/${page.tab}` } }),
  m: () => note(page.active), M: () => note(""), o: guide, q: () => (location.hash = "#/queue"),
  v: () => { page.whole = !page.whole; render(); },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || elements.help.open) return;
  if (event.key === "Escape") {
    if (!elements.ask.hidden) stopAsking();
    return say();
  }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  if (event.target.tagName === "BUTTON" && event.key === "Enter") return;
  if (event.key === "?") return help();
  if (!document.getElementById("queue").hidden) return queueKey(page, event.key);
  if (document.getElementById("judgment").hidden) return;
  const digit = /^\d$/.test(event.key) ? (Number(event.key) + 9) % 10 : null;
  const action = digit === null ? actions[event.key] : () => choose(digit);
  if (!action) return;
  event.preventDefault();
  action();
});

document.getElementById("text").addEventListener("click", (event) => {
  if (text.selected() || settling()) return;
  const point = text.passageAt(event.clientX, event.clientY);
  const inside = (line) => line.evidence.some(([start, end]) => start <= point && point < end);
  const line = tabLines(page.view, page.tab).find(inside) ?? page.view.lines.find(inside);
  if (point !== null && line) go(line.path);
});

function help() {
  const lines = KEYS.map(([key, what]) => el("tr", {}, el("td", {}, el("kbd", {}, key)), el("td", {}, what)));
  elements.help.replaceChildren(el("h2", {}, "Keys 按键"), el("table", {}, ...lines), el("form", { method: "dialog" }, el("button", {}, "Close 关闭")));
  elements.help.showModal();
}

document.getElementById("help-button").addEventListener("click", help);
document.getElementById("leave").addEventListener("click", async () => {
  await post("/sign-out", {});
  location.assign("/");
});

async function route() {
  say();
  await waiting;
  const [, where, docId] = location.hash.match(/^#\/(\w+)(?:\/(.+))?$/) ?? [];
  if (where === "judgment" && docId) return openJudgment(decodeURIComponent(docId));
  showSaved("");
  return where === "figures" ? openFigures(page) : openQueue(page);
}

const { ok, body: me } = await get("/api/me");
if (ok) {
  document.getElementById("who").textContent = `${me.name} · ${me.role}`;
  document.getElementById("to-figures").hidden = me.role !== "adjudicator";
  page.rows = new Map(me.form.rows.map((row) => [row.template, row]));
  page.lists = new Map(me.form.lists.map((list) => [list.template, list]));
  page.groups = me.form.groups;
  window.addEventListener("hashchange", route);
  await load();
  await route();
} else {
  location.assign("/");
}
