// Queues, conferences, messages, numbers and faults: tables of what there is now.

import { clock, h, number, read, set, show } from "./dom.js";

const MOST = 100;

function table(headings) {
  const body = h("tbody");
  const whole = h("div", { class: "scroll", tabindex: "0", role: "group" }, h("table", {},
    h("thead", {}, h("tr", {}, headings.map((heading) => h("th", { scope: "col" }, heading)))), body));
  return { whole, body, headings };
}

function rows({ body, headings }, items, key, cells) {
  show(body, items, key, () => h("tr"), (row, item) => {
    const now = JSON.stringify(item);
    if (row.dataset.now === now) return;
    row.dataset.now = now;
    row.replaceChildren(...cells(item).map((cell, at) => h("td", { "data-label": headings[at] }, cell ?? "")));
  });
}

// A view of one list: `parts` says what is read, and which cells a row has.
function listView(title, words, path, name, headings, key, cells, newest = (items) => items) {
  return (main) => {
    const shown = table(headings);
    const { whole } = shown;
    whole.setAttribute("aria-label", title);
    const count = h("p", { class: "soft", role: "status" });
    main.append(h("section", { class: "card" }, h("h2", {}, title), count, whole));
    return {
      async update() {
        const items = newest((await read(path))[name]);
        set(count, items.length ? words.some : words.none);
        whole.hidden = !items.length;
        rows(shown, items, key, cells);
      },
    };
  };
}

function callLink(sid, text = sid) {
  return sid ? h("a", { href: `#call/${sid}`, class: "code" }, text) : "";
}

export const queuesView = listView(
  "Queues", { some: "Who waits, in order.", none: "No queue yet: Enqueue or the REST API makes one." },
  "/_carrier/queues", "queues", ["Queue", "Waiting", "Average wait", "At most", "Members, the first in line first"],
  (queue) => queue.sid,
  (queue) => [
    h("span", {}, h("strong", {}, queue.name), " ", h("span", { class: "code soft" }, queue.sid)),
    String(queue.members.length), `${queue.average_wait} s`, String(queue.max_size),
    h("ol", {}, queue.members.map((member) => h("li", {}, number(member.from), ` waits ${member.waited} s `, callLink(member.call_sid, "its call")))),
  ]);

export const conferencesView = listView(
  "Conferences", { some: "Who is in which room.", none: "No conference yet." },
  "/_carrier/conferences", "conferences", ["Conference", "Status", "Participants"],
  (conference) => conference.sid,
  (conference) => [
    h("span", {}, h("strong", {}, conference.name), " ", h("span", { class: "code soft" }, conference.sid)),
    conference.reason ? `${conference.status}: ${conference.reason}` : conference.status,
    h("ul", {}, conference.participants.map((one) => h("li", {}, one.label ? `${one.label}: ` : "", number(one.number), " ",
      one.traits.join(", "), " ", callLink(one.call_sid, "its call")))),
  ]);

export const messagesView = listView(
  "Messages", { some: "The newest first.", none: "No message yet." },
  "/_carrier/messages", "messages", ["When", "From", "To", "Text", "Status", "Segments"],
  (message) => message.sid,
  (message) => [
    clock(message.history[0].at), h("span", { class: "number" }, number(message.from) || message.service), h("span", { class: "number" }, number(message.to)), message.body,
    h("span", { class: message.error ? "bad" : "", title: message.history.map((step) => `${clock(step.at)} ${step.status}`).join(", ") },
      message.error ? `${message.status}, error ${message.error}` : message.status),
    String(message.segments),
  ], (messages) => messages.slice(-MOST).reverse());

export const faultsView = listView(
  "Faults", { some: "What is made to go wrong, on purpose.", none: "None is set: everything goes as it should." },
  "/_carrier/faults", "faults", ["Fault", "What it does", "To which", "Met", "Struck"],
  (fault) => fault.name,
  (fault) => [fault.name, `${fault.does} (${fault.when} the work is done)`, `${fault.strikes} ${fault.purpose}`, String(fault.met), String(fault.struck)]);

export function numbersView(main) {
  const lines = table(["Line", "Answered by", ""]);
  const people = table(["Number", "Who is there"]);
  main.append(
    h("section", { class: "card" }, h("h2", {}, "Lines of the application"), lines.whole),
    h("section", { class: "card" }, h("h2", {}, "Everybody else"), people.whole));
  return {
    async update() {
      const [known, others] = await Promise.all([read("/_carrier/lines"), read("/_carrier/people")]);
      rows(lines, known.lines, (line) => line.number, (line) => [
        h("span", { class: "number" }, number(line.number)), h("span", { class: "code" }, line.voice_url),
        h("a", { href: `/phone?to=${encodeURIComponent(line.number)}` }, "Phone it")]);
      rows(people, others.people, (one) => one.number, (one) => [
        one.number === "*" ? "every other number" : h("span", { class: "number" }, number(one.number)), one.is]);
    },
  };
}
