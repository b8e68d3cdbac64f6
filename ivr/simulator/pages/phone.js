// /phone: a caller's telephone; ?answer=NUMBER: one that is called; ?texts=NUMBER: one for texts.

import { Connection } from "./connection.js";
import { h, number, read, set } from "./dom.js";
import { Telephone } from "./telephone.js";
import { Texts } from "./phone-texts.js";

const ADDRESS = "an address";
const AGAIN = 1500;
const TEXTS_EVERY = 2000;
const $ = (id) => document.getElementById(id);

const query = new URLSearchParams(location.search);
const mode = query.has("texts") ? "texts" : query.has("answer") ? "answer" : "dial";
// A plus in an address means a blank to forms; a number has one or none.
const given = (query.get(mode) ?? "").trim().replace(/^(?=\d)/, "+");
const own = given.startsWith("+") ? given.replace(/[\s().-]/g, "") : given;
const gone = "The telephone company is gone. Trying again ...";

let telephone = null;
let texts = null;

function state(words, bad = false) {
  set($("state"), words);
  $("state").className = bad ? "state bad" : "state";
}

async function fillLines() {
  const { lines } = await read("/_carrier/lines");
  const options = () => lines.map((line) => h("option", { value: line.number }, number(line.number)));
  const before = $("line").value;
  $("line").replaceChildren(...options(), h("option", { value: ADDRESS }, "the address of any application"));
  $("text-to").replaceChildren(...options());
  const wanted = before || query.get("to")?.trim().replace(/^(?=\d)/, "+");
  if (wanted && [...$("line").options].some((option) => option.value === wanted)) $("line").value = wanted;
  if (!lines.length) $("line").value = ADDRESS;
  $("address-label").hidden = $("line").value !== ADDRESS;
}

function dial() {
  const to = $("line").value === ADDRESS ? $("address").value.trim() : $("line").value;
  const sent = connection.send("dial", {
    to, from: $("caller").value.trim(), people: { "*": "ask" }, ...telephone.manner(),
  });
  if (sent) $("telephone").focus();
}

function register() {
  if (mode === "dial" || !own) return;
  connection.send("register", { numbers: [own], ...telephone.manner() });
}

const connection = new Connection({
  opened() {
    state("Connected to the telephone company.");
    fillLines().catch(() => {});
    register();
    texts?.refresh();
  },
  closed() {
    state(gone, true);
    telephone.lost();
  },
  event(event) {
    if (event.type === "registered") {
      state(`Connected: this is the telephone of ${event.numbers.map(number).join(", ")}.`);
      return;
    }
    if (event.type === "text") {
      texts?.refresh();
      return;
    }
    if (event.type === "refused" && event.text.includes("has a telephone already")) {
      state(`${number(own)} has a telephone already, perhaps in another tab. Trying again ...`, true);
      setTimeout(register, AGAIN);
      return;
    }
    if (event.type === "refused" && !telephone.inCall) state(`${event.text[0].toUpperCase()}${event.text.slice(1)}.`, true);
    telephone.receive(event);
  },
});

telephone = new Telephone(connection, mode === "dial" ? dial : null);
$("patient").checked = mode === "dial";
$("patient").onchange = () => telephone.inCall && telephone.write("beside", "From the next call on.");
for (const link of $("ways").querySelectorAll("a")) {
  if (link.search.startsWith(`?${mode}`) || (mode === "dial" && link.pathname === "/phone" && !link.search)) link.setAttribute("aria-current", "page");
}

if (mode === "dial") {
  $("dial-form").hidden = $("telephone").hidden = false;
  $("dial-form").onsubmit = (event) => {
    event.preventDefault();
    dial();
  };
  $("line").onchange = () => { $("address-label").hidden = $("line").value !== ADDRESS; };
} else if (!own) {
  $("number-form").hidden = false;
  set($("number-words"), mode === "texts" ? "The number that gets and sends texts" : "The number that rings here");
  $("number-form").onsubmit = (event) => {
    event.preventDefault();
    location.search = `?${mode}=${encodeURIComponent($("number").value.trim())}`;
  };
} else if (mode === "answer") {
  set($("title"), `Telephone ${number(own)}`);
  telephone.idle = "Waiting for calls";
  telephone.draw();
  $("telephone").hidden = false;
  $("telephone").focus();
} else {
  set($("title"), `Texts of ${number(own)}`);
  $("texts").hidden = false;
  texts = new Texts(connection, own);
  setInterval(() => document.visibilityState === "visible" && connection.isOpen && texts.refresh(), TEXTS_EVERY);
}
