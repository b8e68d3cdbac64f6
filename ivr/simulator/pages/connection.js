// One telephone's line to the company: says when it is there and when it is gone, and comes back.

const FIRST_TRY = 500;
const LAST_TRY = 4000;

export class Connection {
  constructor({ opened, closed, event }) {
    this.told = { opened, closed, event };
    this.wait = FIRST_TRY;
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/_carrier/handset`);
    this.socket = socket;
    let was = false;
    socket.onopen = () => {
      was = true;
      this.wait = FIRST_TRY;
      this.told.opened();
    };
    socket.onmessage = (message) => this.told.event(JSON.parse(message.data));
    socket.onclose = () => {
      this.told.closed(was);
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(this.wait * 2, LAST_TRY);
    };
  }

  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(type, details = {}) {
    if (!this.isOpen) return false;
    this.socket.send(JSON.stringify({ type, ...details }));
    return true;
  }
}
