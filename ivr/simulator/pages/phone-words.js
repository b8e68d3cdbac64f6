// Events of the handset in words: what stands on the screen, and what can be done now.

import { number } from "./dom.js";

const seconds = (value) => `${Math.round(value)} s`;

const DIAL = {
  completed: "The conversation is over.", busy: "is busy.", "no-answer": "does not answer.",
  failed: "cannot be reached.", canceled: "was let go.",
};
const WHY = {
  "the person hung up": "You hung up", "the document ended": "The application had nothing more to say",
};

function lost(event) {
  if ("keys" in event) return `Nobody listens to keys now: ${event.keys}`;
  if ("text" in event) return `Nobody listens to words now: ${event.text}`;
  return "Nobody listens now.";
}

function heard(event) {
  if ("text" in event) return `They say: ${event.text}`;
  if ("keys" in event) return `They press ${event.keys}`;
  return `They talk for ${seconds(event.seconds)}`;
}

const LINES = {
  played: (event) => `♪ ${event.url} (${seconds(event.seconds)})`,
  tones: (event) => `Tones: ${event.digits}`,
  beep: () => "Beep",
  recorded: (event) => `Recorded: ${seconds(event.seconds)}`,
  dialling: (event) => `Dialling ${number(event.number)} ...`,
  connected: (event) => `Connected with ${number(event.number)}.`,
  dial_ended: (event) => event.status === "completed" ? DIAL.completed : `${number(event.number)} ${DIAL[event.status] ?? "is over."}`,
  whispered: (event) => `${number(event.number)} hears: ${event.text}`,
  heard, lost,
  enqueued: (event) => `You wait in the queue ${event.queue}, place ${event.position} of ${event.size}.`,
  dequeued: (event) => `You are out of the queue ${event.queue} after ${seconds(event.seconds)}.`,
  dequeuing: (event) => `You want the first of the queue ${event.queue} ...`,
  dequeuing_ended: (event) => `The queue ${event.queue}: ${event.status}.`,
  joined: (event) => `You are in the conference ${event.conference}.`,
  left: (event) => `You are out of the conference ${event.conference}.`,
  muted: () => "You are muted: nobody hears you now.",
  unmuted: () => "You are no longer muted.",
  held: () => "You are put on hold.",
  unheld: () => "You are no longer on hold.",
  warning: (event) => `Warning ${event.code || ""}: ${event.text}`,
  error: (event) => `Error ${event.code || ""}: ${event.text}`,
  ended: (event) => `${WHY[event.reason] ?? event.reason[0].toUpperCase() + event.reason.slice(1)} (${event.status}, ${seconds(event.seconds)}).`,
};

const SILENT = new Set(["dialled", "ringing", "ring", "answered", "paused", "listening", "recording",
  "interrupted", "request", "your_move", "registered", "refused", "said", "text", "queue_result"]);

// The kinds of events that are known here; any other is shown as it comes.
export const KINDS = [...Object.keys(LINES), ...SILENT];

// The line that an event puts on the screen; empty when it has none.
export function line(event) {
  if (event.type in LINES) return LINES[event.type](event);
  if (SILENT.has(event.type)) return "";
  const rest = Object.entries(event).filter(([name]) => !["type", "at", "call_sid"].includes(name));
  return [event.type.replaceAll("_", " "), ...rest.map(([name, value]) => `${name} ${value}`)].join(" ");
}

// What can be done now.
export function hint(move) {
  if (move.waiting_for === "input") {
    const ways = [];
    if (move.input.includes("dtmf")) ways.push(move.num_digits === 1 ? "a key" : move.finish_on_key ? `keys, then ${move.finish_on_key}` : "keys");
    if (move.input.includes("speech")) ways.push("words");
    const far = move.so_far ? `, so far ${move.so_far}` : "";
    return `They listen for ${ways.join(" or ")}${far}.`;
  }
  return {
    answer: "Your telephone rings.",
    recording: "You are being recorded: say words; a key ends it.",
    conversation: "You are connected.",
    callee: `${number(move.number ?? "")} rings: what do they do?`,
  }[move.waiting_for] ?? "";
}
