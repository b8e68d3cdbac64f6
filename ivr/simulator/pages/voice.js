// The browser's own voice and ear, where it has them. What is said stands as text in any case.

const synthesis = window.speechSynthesis ?? null;
const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition ?? null;

function voiceFor(language) {
  const voices = synthesis?.getVoices() ?? [];
  const wanted = language.toLowerCase().replace("_", "-");
  const [base] = wanted.split("-");
  const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
  // Norwegian has three names, of which a browser knows one.
  const bases = ["nb", "no", "nn"].includes(base) ? ["nb", "no", "nn"] : [base];
  return voices.find((voice) => tag(voice) === wanted)
    ?? voices.find((voice) => bases.includes(tag(voice).split("-")[0])) ?? null;
}

export function hasVoices() {
  return (synthesis?.getVoices().length ?? 0) > 0;
}

export function whenVoicesCome(then) {
  synthesis?.addEventListener?.("voiceschanged", then);
}

// True when there is a voice for that language and it will say it.
export function speak(text, language, slow = false) {
  const voice = voiceFor(language);
  if (!voice) return false;
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = voice.lang;
  if (slow) words.rate = 0.7;
  synthesis.speak(words);
  return true;
}

export function hush() {
  synthesis?.cancel();
}

export const canListen = Recognition !== null;

// Listens for one utterance; `done` is told when it is over, with a sentence when it went wrong.
export function listen(language, heard, done) {
  const ear = new Recognition();
  ear.lang = language;
  ear.onresult = (event) => {
    const [best] = event.results[0];
    heard(best.transcript, best.confidence || null);
  };
  let trouble = "";
  ear.onerror = (event) => {
    trouble = event.error === "aborted" ? "" : `The browser's speech recognition does not work here (${event.error}).`;
  };
  ear.onend = () => done(trouble);
  ear.start();
  return ear;
}
