// The look inside: asks the telephone company every second what is new, and shows one view of it.

import { read, set } from "./dom.js";
import { callsView } from "./inside-calls.js";
import { conferencesView, faultsView, messagesView, numbersView, queuesView } from "./inside-tables.js";
import { notesView, requestsView } from "./inside-requests.js";

const EVERY = 1000;
const VIEWS = {
  calls: callsView, call: callsView, queues: queuesView, conferences: conferencesView,
  messages: messagesView, requests: requestsView, notes: notesView, numbers: numbersView,
  faults: faultsView,
};

const main = document.getElementById("main");
const state = document.getElementById("state");
let view = null;
let name = "";
let asking = false;
let again = false;

function where() {
  const [first, ...rest] = location.hash.slice(1).split("/");
  return { name: first in VIEWS ? first : "calls", about: rest.join("/") };
}

function enter() {
  if (location.hash === "#main") return;
  const place = where();
  if (!view || VIEWS[place.name] !== VIEWS[name]) {
    main.replaceChildren();
    view = VIEWS[place.name](main, look);
  }
  name = place.name;
  view.enter?.(place.about);
  for (const link of document.querySelectorAll("#views a")) {
    const here = link.hash.slice(1) === (name === "call" ? "calls" : name);
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  look();
}

function tell(overview) {
  const calls = overview.calls === 1 ? "1 call" : `${overview.calls} calls`;
  const kind = overview.clock === "stepped" ? ", stepped clock" : "";
  set(state, `${calls} under way, ${overview.remembered === 1 ? "1 leg" : `${overview.remembered} legs`} remembered${kind}`);
  state.className = "state";
}

async function look() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const overview = await read(`/_carrier/overview?calls=${view.most ?? 0}${view.live ? "&live=1" : ""}`);
    tell(overview);
    await view.update(overview);
  } catch (error) {
    set(state, error instanceof TypeError
      ? "The telephone company does not answer; what you see is what was last seen. Trying again ..."
      : `Something is wrong: ${error.message}`);
    state.className = "state bad";
  } finally {
    asking = false;
    if (again) {
      again = false;
      look();
    }
  }
}

addEventListener("hashchange", enter);
addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
setInterval(() => document.visibilityState === "visible" && look(), EVERY);
enter();
