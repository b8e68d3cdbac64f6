// The calls with their legs, and the story of one of them.

import { clock, h, number, read, set, show } from "./dom.js";
import { noteNode, requestNode } from "./inside-requests.js";

const STEP = 50;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function how(leg) {
  if (!leg.answered_at) return leg.status;
  return `${leg.status}, ${leg.seconds} s${leg.ended_at ? "" : " so far"}`;
}

function legRow(leg) {
  const row = h("li", { class: leg.parent ? "leg" : "" },
    h("a", { href: `#call/${leg.sid}` },
      h("span", { class: "who" },
        h("span", { class: "number" }, number(leg.from)), "→", h("span", { class: "number" }, number(leg.to))),
      h("span", { class: "how" },
        h("span", { class: "status-words" }), h("span", {}, leg.direction), h("span", {}, clock(leg.created_at)),
        h("span", { class: "codes bad" }))));
  return row;
}

function refresh(row, leg, chosen) {
  const words = row.querySelector(".status-words");
  set(words, how(leg));
  words.classList.toggle("live", !leg.ended_at);
  set(row.querySelector(".codes"), leg.codes.length ? [...new Set(leg.codes)].join(", ") : "");
  const link = row.querySelector("a");
  if (leg.sid === chosen) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

// What is said stands in its own language, so that it is read aloud in it.
function heard(entry) {
  const [before, ...rest] = entry.language ? entry.text.split(": ") : [entry.text];
  return h("span", { class: "what" }, before,
    rest.length ? [": ", h("span", { lang: entry.language }, rest.join(": ")), h("span", { class: "soft tag" }, ` ${entry.language}`)] : null);
}

function entryNode(entry, names) {
  const name = names.get(entry.call_sid);
  let what;
  if (entry.request) what = requestNode(entry.request, { when: false, call: false });
  else if (entry.note) what = noteNode(entry.note, false);
  else what = heard(entry);
  return h("li", { class: `${entry.kind}${entry.beside ? " beside" : ""}` },
    h("span", { class: "when", title: entry.at }, `+${entry.after.toFixed(2)} s`),
    name ? h("span", { class: "leg-name", title: `leg ${name}` }, name) : h("span"),
    h("div", {}, what));
}

function story(place) {
  const title = h("h2", { tabindex: "-1" });
  const legs = h("ul", { class: "legs" });
  const list = h("ol", { class: "timeline", "aria-label": "What happened, in order" });
  const trouble = h("p", { class: "bad", role: "status" });
  const links = h("p", {});
  place.replaceChildren(h("a", { class: "back", href: "#calls" }, "← All calls"), title, legs, links, trouble, list);
  let seen = "";
  let known = [];
  let names = new Map();

  function showLegs() {
    show(legs, known, (leg) => leg.sid,
      (leg) => h("li", {}, h("span", { class: "leg-name" }, names.get(leg.sid)), " ",
        h("span", { class: "number" }, number(leg.from)), " → ", h("span", { class: "number" }, number(leg.to)), " ",
        h("strong", {}), " ", h("span", { class: "reason" }), " ", h("span", { class: "code soft" }, leg.sid)),
      (row, leg) => {
        set(row.querySelector("strong"), how(leg));
        set(row.querySelector(".reason"), leg.reason ? `(${leg.reason})` : "");
      });
  }

  return {
    title,
    // Seconds go by without anything happening.
    tick(latest) {
      const now = new Map(latest.map((leg) => [leg.sid, leg]));
      known = known.map((leg) => now.get(leg.sid) ?? leg);
      showLegs();
    },
    forget() { seen = ""; known = []; list.replaceChildren(); legs.replaceChildren(); },
    async update(sid, overview) {
      const now = `${sid} ${overview.entries} ${overview.calls}`;
      if (now === seen && !trouble.textContent) return;
      let found;
      try {
        found = await read(`/_carrier/calls/${encodeURIComponent(sid)}`);
      } catch (error) {
        if (error instanceof TypeError) throw error;
        set(trouble, `This call cannot be shown: ${error.message}.`);
        return;
      }
      seen = now;
      set(trouble, "");
      const [first] = found.calls;
      known = found.calls;
      names = new Map(known.map((leg, index) => [leg.sid, LETTERS[index] ?? String(index + 1)]));
      set(title, `Call from ${number(first.from)} to ${number(first.to)}`);
      showLegs();
      if (!links.childElementCount || links.dataset.sid !== sid) {
        links.dataset.sid = sid;
        links.replaceChildren(h("a", { href: `#requests/${sid}` }, "Its requests only"));
      }
      show(list, found.timeline, (entry) => `${entry.at} ${entry.call_sid} ${entry.kind} ${entry.text}`,
        (entry) => entryNode(entry, names));
    },
  };
}

// `look` asks at once for what is new.
export function callsView(main, look) {
  const list = h("ul", { class: "calls" });
  const empty = h("p", { class: "empty" }, "No call yet. ", h("a", { href: "/phone" }, "Make one."));
  const place = h("section", { class: "story card", "aria-label": "One call" });
  const only = h("input", { type: "checkbox" });
  const more = h("button", { type: "button", hidden: true }, "Show older calls");
  const split = h("div", { class: "split" },
    h("section", { class: "side card", "aria-labelledby": "calls-title" }, h("h2", { id: "calls-title" }, "Calls"),
      h("label", {}, only, " Only what is under way"), empty, list, more), place);
  main.append(split);
  const one = story(place);
  let chosen = "";
  let byHand = false;
  let goThere = false;
  only.onchange = () => {
    view.live = only.checked;
    look();
  };
  more.onclick = () => {
    view.most += STEP;
    look();
  };
  const view = {
    most: STEP,
    live: false,
    enter(about) {
      if (about === chosen && byHand === Boolean(about)) return;
      const same = about === chosen;
      byHand = goThere = Boolean(about);
      chosen = about;
      split.classList.toggle("one", byHand);
      if (!same) one.forget();
    },
    async update(overview) {
      const legs = overview.shown;
      empty.hidden = legs.length > 0 || view.live;
      more.hidden = new Set(legs.map((leg) => leg.parent ?? leg.sid)).size < view.most;
      // Until somebody chooses, the newest call is the one that is looked at.
      if (!byHand && legs.length && chosen !== legs[0].sid) {
        chosen = legs[0].sid;
        one.forget();
      }
      show(list, legs, (leg) => leg.sid, legRow, (row, leg) => refresh(row, leg, chosen));
      place.hidden = !chosen;
      if (!chosen) return;
      await one.update(chosen, overview);
      one.tick(legs);
      if (goThere) one.title.focus();
      goThere = false;
    },
  };
  return view;
}
