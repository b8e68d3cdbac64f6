// The telephone: its display, keys and words, for a caller and for somebody who is called.

import { h, number, set } from "./dom.js";
import { hint, line } from "./phone-words.js";
import * as tones from "./tones.js";
import * as voice from "./voice.js";

const KEYS = [["1", ""], ["2", "abc"], ["3", "def"], ["4", "ghi"], ["5", "jkl"], ["6", "mno"],
  ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"], ["*", ""], ["0", "+"], ["#", ""]];
const NAMES = { "*": "star", "#": "hash" };
const MOST_LINES = 300;
const $ = (id) => document.getElementById(id);

export class Telephone {
  // `connection` sends; `dial` phones (nothing for a telephone that only takes calls).
  constructor(connection, dial) {
    this.connection = connection;
    this.dial = dial;
    this.inCall = false;
    this.ringing = false;
    this.answered = false;
    this.language = "";
    this.idle = "Not in a call";
    this.ear = null;
    this.build();
    this.draw();
  }

  build() {
    for (const [key, letters] of KEYS) {
      const name = NAMES[key] ?? key;
      $("keypad").append(h("button", { type: "button", "data-key": key, "aria-label": name, onclick: () => this.press(key) }, key, h("small", { "aria-hidden": "true" }, letters)));
    }
    $("answer").onclick = () => this.answer();
    $("decline").onclick = () => this.connection.send("decline");
    $("hang-up").onclick = () => this.hangUp();
    $("silence").onclick = () => this.connection.send("silence");
    $("words-form").onsubmit = (event) => {
      event.preventDefault();
      this.say($("words").value.trim());
      $("words").value = "";
    };
    for (const button of $("callee").querySelectorAll("button")) {
      button.onclick = () => {
        this.connection.send("callee", { does: button.dataset.does });
        this.askCallee(null);
      };
    }
    $("speak").hidden = !voice.canListen;
    $("speak").onclick = () => this.useMicrophone();
    tones.onlyWhen(() => $("sounds").checked);
    $("sounds").onchange = () => !$("sounds").checked && tones.silence();
    const tellVoices = () => {
      const there = voice.hasVoices();
      $("aloud").disabled = !there;
      if (!there) $("aloud").checked = false;
      set($("voices"), there ? "" : "This browser has no voice of its own: what is said stands as text.");
    };
    tellVoices();
    $("aloud").checked = voice.hasVoices();
    voice.whenVoicesCome(() => {
      const had = !$("aloud").disabled;
      tellVoices();
      if (!had) $("aloud").checked = voice.hasVoices();
    });
    $("aloud").onchange = () => !$("aloud").checked && voice.hush();
    document.addEventListener("keydown", (event) => this.typed(event));
  }

  // Digits are keys, Enter dials or answers, Escape hangs up; a field for words keeps its own keys.
  typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && (this.inCall || this.ringing)) {
      event.preventDefault();
      this.hangUp();
      return;
    }
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (KEYS.some(([key]) => key === event.key) && this.inCall && this.answered && !event.repeat) {
      event.preventDefault();
      this.press(event.key);
    } else if (event.key === "Enter" && !event.target.closest("button, a, summary, input")) {
      if (this.ringing) this.answer();
      else if (!this.inCall && this.dial) this.dial();
      else return;
      event.preventDefault();
    }
  }

  press(key) {
    tones.key(key);
    voice.hush();
    const button = $("keypad").querySelector(`[data-key="${CSS.escape(key)}"]`);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 150);
    if (!this.inCall) {
      this.write("beside", "You are not in a call.");
      return;
    }
    this.write("mine", key);
    this.connection.send("press", { keys: key });
  }

  say(text, confidence = null) {
    if (!text || !this.inCall) return;
    if (/^[0-9*# ]+$/.test(text)) {
      for (const key of text.replaceAll(" ", "")) this.press(key);
      return;
    }
    voice.hush();
    this.write("mine", text);
    this.connection.send("say", confidence === null ? { text } : { text, confidence });
  }

  useMicrophone() {
    if (this.ear) {
      this.ear.stop();
      return;
    }
    voice.hush();
    $("speak").setAttribute("aria-pressed", "true");
    this.ear = voice.listen(this.language || "en-GB", (text, sure) => this.say(text, sure), (trouble) => {
      this.ear = null;
      $("speak").setAttribute("aria-pressed", "false");
      if (trouble) this.write("beside", trouble);
    });
  }

  answer() {
    this.ringing = false;
    this.connection.send("answer");
    $("telephone").focus();
    this.draw();
  }

  hangUp() {
    voice.hush();
    this.connection.send(this.ringing ? "decline" : "hang_up");
  }

  manner() {
    return { patience: $("patient").checked ? "mine" : "real" };
  }

  askCallee(called) {
    $("callee").hidden = called === null;
    if (called !== null) set($("callee-words"), `${number(called)} rings. What do they do?`);
  }

  receive(event) {
    const act = this[`on_${event.type}`];
    if (act) act.call(this, event);
    const words = line(event);
    const kind = { whispered: "whisper", warning: "beside warn", error: "beside bad" }[event.type] ?? "beside";
    if (words) this.write(kind, words, kind === "whisper" ? event.language : "");
    this.draw();
  }

  on_dialled(event) {
    this.begin(`Calling ${number(event.to)}`);
    tones.ringAtTheOtherEnd();
    this.write("beside", `Calling ${number(event.to)} from ${number(event.from)}.`);
  }

  on_ring(event) {
    this.begin(`${number(event.from)} calls`);
    this.ringing = true;
    tones.ringHere();
    this.write("beside", `${number(event.from)} calls ${number(event.to)}.`);
    document.title = `${number(event.from)} calls`;
    if (tones.mayNotSound()) this.write("beside", "Click here or press a key once: only then may this page ring aloud.");
  }

  begin(display) {
    this.inCall = true;
    this.answered = false;
    this.display = display;
    set($("hint"), "");
  }

  on_answered() {
    tones.silence();
    this.ringing = false;
    this.answered = true;
    this.since = Date.now();
    this.display = this.display.replace(/^Calling /, "In a call with ").replace(/^(.*) calls$/, "In a call with $1");
    document.title = "In a call";
    this.write("beside", "Answered.");
  }

  on_said(event) {
    this.language = event.language;
    this.write("heard", event.text, event.language);
    if ($("aloud").checked && !voice.speak(event.text, event.language, event.slow)) {
      set($("voices"), `This browser has no voice for ${event.language}: that stands as text.`);
    }
  }

  on_interrupted() {
    voice.hush();
  }

  on_listening(event) {
    this.language = event.language || this.language;
  }

  on_connected(event) {
    this.askCallee(null);
    tones.silence();
    this.answered = true;
    this.peer = event.number;
  }

  on_dialling() {
    tones.ringAtTheOtherEnd();
  }

  on_dial_ended() {
    this.askCallee(null);
    tones.silence();
  }

  on_beep() {
    tones.beep();
  }

  on_your_move(event) {
    set($("hint"), hint(event));
    if (event.waiting_for === "callee") this.askCallee(event.number);
  }

  on_refused(event) {
    this.write("beside", `${event.text[0].toUpperCase()}${event.text.slice(1)}.`);
  }

  on_ended() {
    this.over();
  }

  over() {
    tones.silence();
    voice.hush();
    this.ear?.stop();
    this.askCallee(null);
    this.inCall = this.ringing = this.answered = false;
    set($("hint"), "");
    document.title = "Telephone";
  }

  lost() {
    if (this.inCall) this.write("beside", "The telephone company is gone, and the call with it.");
    this.over();
    this.draw();
  }

  write(kind, text, language = "") {
    const screen = $("screen");
    const below = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 40;
    const tag = kind === "heard" ? h("span", { class: "tag", lang: "en" }, language) : null;
    screen.append(h("p", { class: kind, lang: language || null }, tag, kind === "mine" ? h("span", { class: "hidden-but-read" }, "You: ") : null, text));
    while (screen.childElementCount > MOST_LINES) screen.firstElementChild.remove();
    if (below || kind === "mine") screen.scrollTop = screen.scrollHeight;
  }

  draw() {
    const focused = document.activeElement;
    set($("display"), this.inCall ? this.display : this.idle);
    $("telephone").classList.toggle("ringing", this.ringing);
    document.body.classList.toggle("in-call", this.inCall);
    $("answer").hidden = $("decline").hidden = !this.ringing;
    $("hang-up").hidden = this.ringing;
    $("hang-up").disabled = !this.inCall;
    $("call").disabled = this.inCall;
    for (const id of ["silence", "words", "say", "speak"]) $(id).disabled = !this.inCall || this.ringing;
    // Whoever was on a button that is gone stays on the telephone, where Enter and digits work.
    if (focused !== document.body && (focused.disabled || focused.hidden)) $("telephone").focus();
  }
}
