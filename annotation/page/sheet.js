// The record at the right: tabs for the case and each defendant, groups, rows; or what two readings differ in.

import { chinese, el } from "./dom.js";

const aside = document.getElementById("record");

export function optionTerm(row, value) {
  const option = row.options.find((one) => one.value === value);
  return option ? [option.english, option.chinese] : [value ?? "—", ""];
}

function valueOf(row, line) {
  if (line.kind !== "choice") return [line.shown || "—"];
  const [english, term] = optionTerm(row, line.values[0]);
  return [english, " ", chinese(term)];
}

export function lineOf(view, path) {
  return view.lines.find((line) => line.path === path);
}

export function tabLines(view, tab) {
  return view.lines.filter((line) => (tab === "case" ? line.defendant === null : line.defendant === tab));
}

export function toLook(view) {
  return view.lines.filter((line) => line.look.length && !line.accepted);
}

export function rowOf(page, line) {
  return line.kind ? page.rows.get(line.template) : null; // the head of a list is no row
}

function rowElement(page, line) {
  const row = rowOf(page, line);
  const active = line.path === page.active;
  const marks = ["row"];
  if (line.look.length && !line.accepted) marks.push("look");
  if (line.accepted) marks.push("accepted");
  if (active) marks.push("active");
  const label = row ? [row.english, " ", chinese(row.chinese)] : headOf(page, line);
  const made = el(
    "div",
    { class: marks.join(" "), "data-path": line.path, onclick: () => page.go(line.path), title: line.look.join("\n") || null },
    el("span", { class: "label" }, ...label),
    row ? el("span", { class: line.changed ? "value changed" : "value" }, ...valueOf(row, line)) : null,
    row ? el("span", { class: "confidence" }, line.confidence === null ? "" : line.confidence.toFixed(2)) : null,
    el("span", { class: "tick" }, line.accepted ? "✓" : ""),
    line.note ? el("span", { class: "note" }, "✎ " + line.note) : null,
  );
  if (active && row?.kind === "choice") {
    const options = row.options.map((option, number) =>
      el(
        "button",
        { type: "button", onclick: (event) => (event.stopPropagation(), page.choose(number)) },
        el("kbd", {}, String((number + 1) % 10)),
        " ",
        option.english,
        " ",
        chinese(option.chinese),
      ),
    );
    made.append(el("span", { class: "options" }, ...options));
  }
  if (active && line.look.length) made.append(el("span", { class: "why" }, line.look.join(" · ")));
  return made;
}

function headOf(page, line) {
  const list = page.lists.get(line.template);
  return [list.english, " ", chinese(list.chinese), el("kbd", {}, "+")];
}

function tabs(page) {
  const made = [["case", "Case 案件"], ...page.view.defendants.map((name, number) => [number, `${number + 1} ${name}`])];
  return el(
    "nav",
    { class: "tabs" },
    ...made.map(([tab, label]) =>
      el(
        "button",
        { type: "button", class: tab === page.tab ? "current" : null, onclick: () => page.openTab(tab) },
        label,
        page.view.accepted.includes(tab === "case" ? "/case" : `/defendants/${tab}`) ? " ✓" : "",
      ),
    ),
  );
}

function strip(page) {
  const lines = toLook(page.view);
  if (!lines.length) return el("p", { class: "strip clear" }, "Nothing marked is left ", chinese("无待核对项"));
  return el(
    "p",
    { class: "strip" },
    "Check first ",
    chinese("优先核对"),
    " ",
    ...lines.map((line) => {
      const row = rowOf(page, line) ?? page.lists.get(line.template);
      const whose = line.defendant === null ? "" : `${line.defendant + 1}·`;
      return el("button", { type: "button", onclick: () => page.go(line.path) }, whose + row.chinese);
    }),
  );
}

export function renderSheet(page) {
  const groups = [];
  for (const line of tabLines(page.view, page.tab)) {
    if (groups.at(-1)?.name !== line.group) groups.push({ name: line.group, lines: [] });
    groups.at(-1).lines.push(line);
  }
  aside.replaceChildren(
    strip(page),
    tabs(page),
    ...groups.map(({ name, lines }) => {
      const [english, term] = page.groups[name];
      return el(
        "section",
        { class: "group" },
        el("h2", {}, english, " ", chinese(term)),
        ...itemised(lines).map((item) =>
          item.length > 1 && item[0].item !== null
            ? el("div", { class: "item" }, ...item.map((line) => rowElement(page, line)))
            : rowElement(page, item[0]),
        ),
      );
    }),
    foot(page),
  );
  aside.querySelector(".active")?.scrollIntoView({ block: "nearest" });
}

function itemised(lines) {
  const items = [];
  for (const line of lines) {
    const last = items.at(-1)?.[0];
    const together = last && line.item !== null && last.item === line.item && parent(last.path) === parent(line.path);
    if (together) items.at(-1).push(line);
    else items.push([line]);
  }
  return items;
}

function parent(path) {
  return path.slice(0, path.lastIndexOf("/"));
}

function foot(page) {
  const { view } = page;
  return el(
    "footer",
    {},
    ...view.flags.map((flag) => el("p", { class: "flag" }, `⚑ ${flag.code} ${flag.path} — ${flag.message}`)),
    view.note ? el("p", { class: "note" }, "✎ " + view.note) : null,
    el(
      "button",
      { type: "button", class: view.done ? "done" : "", onclick: () => page.acceptJudgment() },
      view.done ? "Judgment accepted ✓ 已确认" : "Accept the judgment 确认全案 (g)",
    ),
  );
}

function plain(value) {
  if (value === null || value === "") return "—";
  if (Array.isArray(value)) return value.map(plain).join("、") || "—";
  if (typeof value === "object") return Object.values(value).filter((one) => one !== null && one !== 0).map(plain).join(" ");
  return String(value);
}

// A choice in both languages; of the values of a term only those that say something.
function told(page, paths, values) {
  return values
    .map((value, number) => {
      const row = page.rows.get((paths[number] ?? "").replace(/\/\d+(?=\/|$)/g, "/#"));
      if (row?.kind === "choice" && value !== null) return optionTerm(row, value).join(" ");
      return number && (value === 0 || value === null) ? null : plain(value);
    })
    .filter((one) => one !== null)
    .join(" · ");
}

export function renderDifferences(page) {
  const { view } = page;
  const left = view.differences.filter((one) => !one.settled).length;
  aside.replaceChildren(
    el("p", { class: left ? "strip" : "strip clear" }, `${left} of ${view.differences.length} differences to settle `,
      chinese("待裁定分歧"), " · v: the whole record ", chinese("全部字段")),
    ...view.differences.map((one, number) => {
      const owner = one.paths[0]?.match(/^\/defendants\/(\d+)/);
      const whose = owner ? `${Number(owner[1]) + 1} ${view.defendants[owner[1]]} · ` : "";
      const marks = ["difference", one.settled ? "accepted" : "", number === page.difference ? "active" : ""].join(" ");
      return el(
        "div",
        { class: marks, "data-number": number, onclick: () => page.goDifference(number) },
        el("span", { class: "label" }, whose, one.field, " ", chinese(one.chinese), one.settled ? " ✓" : ""),
        ...["first", "second"].map((side, index) =>
          el(
            "button",
            { type: "button", class: side, onclick: (event) => (event.stopPropagation(), page.take(number, index + 1)) },
            el("kbd", {}, String(index + 1)),
            ` ${view.sides[index]}: `,
            el("b", {}, told(page, one.paths, one[side].values)),
          ),
        ),
      );
    }),
    foot(page),
  );
  aside.querySelector(".active")?.scrollIntoView({ block: "nearest" });
}
