// Elements from values. Text is always text: nothing that callers or applications say is markup.

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

// Let `list` show `items` in their order. What is there already stays the same element, so that
// focus, selection and what somebody has opened survive an update.
export function show(list, items, key, make, update = null) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const times = new Map();
  let before = null;
  const first = old.size > 0;
  for (const item of items) {
    const name = String(key(item));
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    const id = count > 1 ? `${name} (${count})` : name;
    let node = old.get(id);
    if (node) old.delete(id);
    else {
      node = make(item);
      node.dataset.key = id;
      if (first) node.classList.add("fresh");
    }
    if (update) update(node, item);
    const next = before ? before.nextSibling : list.firstChild;
    if (next !== node) list.insertBefore(node, next);
    before = node;
  }
  for (const node of old.values()) node.remove();
}

export function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// +46846500400 -> +46 8 465 004 00, for the countries whose numbers are written so.
export function number(text) {
  const known = [
    [/^(\+46)(8)(\d{3})(\d{3})(\d{2})$/, "$1 $2 $3 $4 $5"],
    [/^(\+46)(\d{2})(\d{3})(\d{2})(\d{2})$/, "$1 $2 $3 $4 $5"],
    [/^(\+44)(20)(\d{4})(\d{4})$/, "$1 $2 $3 $4"],
    [/^(\+44)(\d{4})(\d{6})$/, "$1 $2 $3"],
    [/^(\+1)(\d{3})(\d{3})(\d{4})$/, "$1 $2-$3-$4"],
  ];
  if (text === "+266696687") return "withheld";
  for (const [pattern, form] of known) if (pattern.test(text)) return text.replace(pattern, form).replaceAll(" ", "\u00a0");
  return String(text);
}

export function clock(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? String(iso) : time.toLocaleTimeString([], { hour12: false });
}

export async function read(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error((await answer.text()).trim() || `status ${answer.status}`);
  return answer.json();
}
