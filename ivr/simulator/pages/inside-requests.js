// Requests each way with their fields and answers, and the warnings and errors of the debugger.

import { clock, h, read, set, show } from "./dom.js";

const MOST = 100;

function good(request) {
  return request.status !== null && request.status < 400 && !request.error;
}

function path(url) {
  return url.replace(/^https?:\/\/(127\.0\.0\.1|localhost)(?=[:/])/, "");
}

function fields(pairs) {
  if (!pairs.length) return h("p", { class: "empty" }, "No fields.");
  const empty = pairs.filter(([, value]) => value === "").map(([name]) => name);
  return h("div", {},
    h("table", { class: "fields" }, h("tbody", {}, pairs.filter(([, value]) => value !== "").map(([name, value]) =>
      h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "code" }, value))))),
    empty.length ? h("p", { class: "empty" }, `Empty: ${empty.join(", ")}.`) : null);
}

// One request: a line, and when opened its fields and what was answered.
export function requestNode(request, { when = true, call = true } = {}) {
  const out = request.direction === "out";
  const answer = request.status === null ? "no answer" : String(request.status);
  const body = h("div");
  const node = h("details", { class: "request" },
    h("summary", {},
      when ? h("span", { class: "soft" }, clock(request.at), " ") : null,
      h("span", { class: "way" }, out ? "to the application " : "from the application "),
      h("span", {}, `${request.purpose}: `),
      h("span", { class: "code" }, `${request.method} ${path(request.url)}`), " → ",
      h("span", { class: `status ${good(request) ? "good" : "bad"}` }, answer),
      request.error ? h("span", { class: "bad" }, ` error ${request.error}`) : null,
      h("span", { class: "soft" }, ` ${Math.round(request.milliseconds)} ms`),
      request.attempts > 1 ? h("span", { class: "warn" }, ` ${request.attempts} attempts`) : null),
    body);
  node.addEventListener("toggle", () => {
    if (!node.open || body.childElementCount) return;
    body.append(
      request.fault ? h("p", { class: "warn" }, `A fault on demand: ${request.fault}`) : "",
      request.detail ? h("p", { class: "bad" }, request.detail) : "",
      call && request.call_sid ? h("p", {}, "Call ", h("a", { href: `#call/${request.call_sid}`, class: "code" }, request.call_sid)) : "",
      h("h4", {}, out ? "What the telephone company sent" : "What the application sent"), fields(request.fields),
      h("h4", {}, "What was answered"),
      h("pre", { tabindex: "0" }, request.body || "(nothing)"));
  });
  return node;
}

export function noteNode(note, call = true) {
  return h("p", { class: note.level === "error" ? "bad" : "warn" },
    call ? h("span", { class: "soft" }, clock(note.at), " ") : null,
    h("strong", {}, `${note.level} `),
    note.page ? h("a", { href: note.page, rel: "noreferrer" }, String(note.code)) : null,
    note.page ? " " : null, note.text,
    call && note.call_sid ? h("span", {}, " ", h("a", { href: `#call/${note.call_sid}` }, "its call")) : null);
}

export function requestsView(main) {
  const wanted = h("input", { type: "search", class: "code", placeholder: "CA...", autocomplete: "off", spellcheck: "false" });
  const ways = h("select", {}, h("option", { value: "" }, "both ways"),
    h("option", { value: "out" }, "to the application"), h("option", { value: "in" }, "from the application"));
  const count = h("p", { class: "soft", role: "status" });
  const list = h("ol", { class: "plain requests" });
  let seen = "";
  main.append(h("section", { class: "card" }, h("h2", {}, "Requests"),
    h("form", { class: "filter", onsubmit: (event) => event.preventDefault() },
      h("label", {}, "Only of this call (its SID)", wanted), h("label", {}, "Which way", ways)),
    count, list));

  async function update(overview) {
    const call = wanted.value.trim();
    const now = JSON.stringify([overview?.entries, call, ways.value]);
    if (now === seen) return;
    const { requests } = await read(`/_carrier/requests?last=${MOST}&call=${encodeURIComponent(call)}&direction=${ways.value}`);
    seen = now;
    set(count, requests.length
      ? `The last ${requests.length}, newest first. Open one to see its fields and its answer.`
      : "There is none yet.");
    show(list, requests.reverse(), (one) => `${one.at} ${one.method} ${one.url} ${one.milliseconds}`,
      (one) => h("li", {}, requestNode(one)));
  }

  let overview = null;
  for (const input of [wanted, ways]) input.addEventListener("input", () => update(overview).catch(() => {}));
  return {
    enter(about) { if (about) wanted.value = about; },
    update(latest) { overview = latest; return update(latest); },
  };
}

export function notesView(main) {
  const list = h("ol", { class: "plain requests" });
  const count = h("p", { class: "soft", role: "status" });
  let seen = -1;
  main.append(h("section", { class: "card" }, h("h2", {}, "Warnings and errors"), count, list));
  return {
    async update(overview) {
      if (overview.entries === seen) return;
      const { notes } = await read(`/_carrier/notes?last=${MOST}`);
      seen = overview.entries;
      set(count, notes.length ? `The last ${notes.length}, newest first. A code leads to its explanation.` : "There is none yet.");
      show(list, notes.reverse(), (one) => `${one.at} ${one.call_sid} ${one.text}`, (one) => h("li", {}, noteNode(one)));
    },
  };
}
