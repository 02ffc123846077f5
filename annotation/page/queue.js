// The queue of judgments, and the figures of the adjudicator.

import { get } from "./api.js";
import { chinese, el, show } from "./dom.js";

const FILTERS = [
  ["court", "Court", "法院", "text"], ["year", "Year", "年份", "text"], ["charge", "Charge", "罪名", "text"],
  ["flag", "Flag", "标记", "text"], ["below", "Confidence below", "置信度低于", "text"], ["seed", "Seed", "随机种子", "text"],
];
const CHOICES = [
  ["state", "State", "状态", [["open", "to do 待办"], ["done", "accepted 已确认"], ["all", "all 全部"]]],
  ["order", "Order", "排序", [["confidence", "least confident 置信度低者先"], ["input", "as given 原序"], ["random", "random 随机"]]],
  ["mine", "Whose", "范围", [["true", "mine 我的"], ["false", "all 全部"]]],
];
export const wanted = { state: "open", order: "confidence", mine: "true" };
export let rows = [];
let current = 0;

export async function load() {
  const given = Object.entries(wanted).filter(([, value]) => value !== "");
  const { ok, body } = await get("/api/queue?" + new URLSearchParams(given));
  if (ok) rows = body.rows;
  return { ok, body };
}

export async function openQueue(page) {
  const { ok, body } = await load();
  if (!ok) return page.say(body.error);
  current = Math.min(current, Math.max(rows.length - 1, 0));
  show("queue");
  const first = rows.length < body.count ? `first ${rows.length} of ` : "";
  page.where(`${first}${body.count} judgments 份文书 · ${body.done} of ${body.all} accepted 已确认`);
  render(page);
}

function render(page) {
  const filters = el("form", { class: "filters", onsubmit: (event) => event.preventDefault() });
  const change = (event) => {
    wanted[event.target.name] = event.target.value;
    openQueue(page);
  };
  for (const [name, english, term] of FILTERS) {
    filters.append(el("label", {}, english, " ", chinese(term), el("input", { name, value: wanted[name] ?? "", onchange: change })));
  }
  for (const [name, english, term, options] of CHOICES) {
    const made = options.map(([value, label]) => el("option", { value, selected: wanted[name] === value }, label));
    filters.append(el("label", {}, english, " ", chinese(term), el("select", { name, onchange: change }, ...made)));
  }
  const heads = ["Judgment 文书", "Court 法院", "Year 年", "Charges 罪名", "Flags 标记", "Confidence 置信度", "State 状态"];
  const body = rows.map((row, number) =>
    el(
      "tr",
      { class: number === current ? "active" : null, onclick: () => page.open(row.doc_id) },
      el("td", {}, row.case_number ?? row.doc_id), el("td", {}, row.court ?? "—"), el("td", {}, row.year ?? "—"),
      el("td", {}, row.charges.join("、")), el("td", { class: row.flags.length ? "flag" : null }, row.flags.join(", ")),
      el("td", {}, row.confidence.toFixed(2)),
      el("td", {}, row.done ? "accepted ✓" : !row.ready ? "not ready" : row.begun ? "begun" : ""),
    ),
  );
  document.getElementById("queue").replaceChildren(
    filters,
    rows.length ? el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", {}, head)))), el("tbody", {}, ...body))
      : el("p", {}, "Nothing to do here ", chinese("没有待办文书")),
  );
}

export function queueKey(page, key) {
  if (key === "j" || key === "ArrowDown") current = Math.min(current + 1, rows.length - 1);
  else if (key === "k" || key === "ArrowUp") current = Math.max(current - 1, 0);
  else if (key === "Enter" && rows[current]) return page.open(rows[current].doc_id);
  else return;
  render(page);
  document.querySelector("#queue tr.active")?.scrollIntoView({ block: "nearest" });
}

export function beside(docId, step) {
  const here = rows.findIndex((row) => row.doc_id === docId);
  return here < 0 ? rows[0]?.doc_id : rows[here + step]?.doc_id;
}

const figure = (value) => (value === null ? "undefined 无定义" : value.toFixed(3));

export async function openFigures(page) {
  const { ok, body } = await get("/api/figures");
  if (!ok) return page.say(body.error);
  show("figures");
  page.where("Agreement 一致性");
  const table = (heads, lines) =>
    el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", {}, head)))),
      el("tbody", {}, ...lines.map((line) => el("tr", {}, ...line.map((cell) => el("td", {}, String(cell)))))));
  document.getElementById("figures").replaceChildren(
    el("h2", {}, "Annotators ", chinese("标注者")),
    table(["Name 姓名", "Assigned 分配", "Begun 已开始", "Accepted 已确认", "Changes 操作", "Last 最近"],
      body.progress.map((one) => [one.name, one.assigned, one.begun, one.done, one.events, one.last ?? "—"])),
    el("h2", {}, "Agreement of two annotators ", chinese("双人标注一致性")),
    table(["Field 字段", "", "n", "Same 一致率", "κ", "α", "Passages 证据", "F1 exact 完全一致", "F1 overlap 有重叠"],
      body.agreement.map((one) => [one.field, one.chinese, one.n, one.same === null ? "—" : (100 * one.same).toFixed(1) + " %",
        figure(one.kappa), figure(one.alpha), one.evidence_n, figure(one.evidence_exact), figure(one.evidence_overlap)])),
    el("p", {}, "κ and α are undefined where all values are the same. Both annotators begin with the same reading."),
  );
}
