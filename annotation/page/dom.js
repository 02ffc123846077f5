// Elements are made with text only: whatever a judgment, a name or a label holds stays text.

export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null && child !== false));
  return made;
}

export function chinese(text) {
  return el("span", { lang: "zh", class: "zh" }, text);
}

export function show(id) {
  for (const view of ["queue", "figures", "judgment"]) document.getElementById(view).hidden = view !== id;
}
