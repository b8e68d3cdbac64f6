// What a telephone sounds like: keys, the ringing at the other end, and its own bell.

const LOW = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };
const HIGH = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };
const VOLUME = 0.06;

let context = null;
let bell = null;
let wanted = () => true;

export function onlyWhen(isWanted) {
  wanted = isWanted;
}

function play(frequencies, seconds, after = 0) {
  if (!wanted() || !window.AudioContext) return;
  context ??= new AudioContext();
  // A page may make no sound before somebody has touched it.
  if (context.state === "suspended") context.resume().catch(() => {});
  const start = context.currentTime + after;
  const gain = context.createGain();
  gain.gain.value = VOLUME;
  gain.connect(context.destination);
  for (const frequency of frequencies) {
    const source = context.createOscillator();
    source.frequency.value = frequency;
    source.connect(gain);
    source.start(start);
    source.stop(start + seconds);
  }
}

export function key(name) {
  if (name in LOW) play([LOW[name], HIGH[name]], 0.12);
}

export function beep() {
  play([1000], 0.3);
}

function repeat(sound, every) {
  silence();
  sound();
  bell = setInterval(sound, every);
}

export function ringAtTheOtherEnd() {
  repeat(() => play([425], 1), 5000);
}

export function ringHere() {
  repeat(() => {
    play([660, 880], 0.35);
    play([660, 880], 0.35, 0.5);
  }, 2500);
}

export function silence() {
  clearInterval(bell);
  bell = null;
}

export function mayNotSound() {
  return context !== null && context.state === "suspended";
}
