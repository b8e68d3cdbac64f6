// A handset for texts: the thread of one number, and a text to write.

import { clock, h, number, read, set, show } from "./dom.js";

const PAUSE = 250;
const $ = (id) => document.getElementById(id);

export class Texts {
  constructor(connection, own) {
    this.connection = connection;
    this.own = own;
    this.timer = null;
    $("text-body").oninput = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.count(), PAUSE);
    };
    $("text-form").onsubmit = (event) => {
      event.preventDefault();
      this.send();
    };
    $("text-body").onkeydown = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.send();
    };
  }

  send() {
    const body = $("text-body").value;
    if (!body) return;
    if (!this.connection.send("text", { to: $("text-to").value, body, from: this.own })) {
      set($("segments"), "The telephone company is gone: the text was not sent.");
      return;
    }
    $("text-body").value = "";
    set($("segments"), "Sent.");
    this.refresh();
  }

  async count() {
    const body = $("text-body").value;
    if (!body) {
      set($("segments"), "0 characters");
      return;
    }
    try {
      const answer = await fetch("/_carrier/segments", { method: "POST", body: JSON.stringify({ body }) });
      const counted = await answer.json();
      if (body !== $("text-body").value) return;
      const parts = counted.segments === 1 ? "1 segment" : `${counted.segments} segments`;
      set($("segments"), `${[...body].length} characters, ${parts} (${counted.encoding})`);
    } catch {
      set($("segments"), "");
    }
  }

  async refresh() {
    let texts;
    try {
      ({ messages: texts } = await read(`/_carrier/messages?number=${encodeURIComponent(this.own)}`));
    } catch {
      return;
    }
    $("no-texts").hidden = texts.length > 0;
    const thread = $("thread");
    show(thread, texts, (text) => text.sid, (text) => {
      const mine = text.from === this.own;
      return h("li", { class: mine ? "mine" : "" },
        h("p", { class: "about" }, mine ? `You to ${number(text.to)}` : `${number(text.from) || "somebody"}`, " ", h("span", { class: "how" })),
        h("p", {}, text.body));
    }, (row, text) => {
      const parts = text.segments === 1 ? "1 segment" : `${text.segments} segments`;
      const when = text.history?.length ? clock(text.history[0].at) : "";
      set(row.querySelector(".how"), [when, text.status, text.segments ? parts : "", text.error ? `error ${text.error}` : ""].filter(Boolean).join(" · "));
    });
    thread.scrollTop = thread.scrollHeight;
  }
}
