const LENGTH_16 = 126;
const LENGTH_64 = 127;
const TEXT = 1;
const PING = 9;
const LONGEST_HEADER = 10;
const TWO_TO_32 = 2 ** 32;

/**
 * A frame counter follows the frames that a server sends on one connection, through chunks of any size, and looks at nothing but
 * their headers.
 */
export class FrameCounter {
  /** text frames of at least `longBytes` */
  long = 0;
  /** text frames below that */
  short = 0;
  pings = 0;
  /** engine.io's own pings: text frames of one byte */
  enginePings = 0;
  /** payload of the newest long frame, if it is to be kept; complete once it is counted */
  kept: Uint8Array | null = null;
  keeps = false;
  private readonly header = new Uint8Array(LONGEST_HEADER);
  private headerBytes = 0;
  private payloadLeft = 0;
  private opcode = 0;
  private payloadBytes = 0;

  /** @param longBytes what is sent to everybody is longer than what else a server says */
  constructor(private readonly longBytes: number) {}

  /** Goes on through the first `length` bytes of the chunk. */
  scan(chunk: Uint8Array, length: number, from = 0): void {
    let at = from;
    while (at < length) {
      if (this.payloadLeft > 0) {
        const step = Math.min(this.payloadLeft, length - at);
        if (this.keeps) this.keep(chunk, at, step);
        this.payloadLeft -= step;
        at += step;
        if (this.payloadLeft === 0) this.count();
        continue;
      }
      this.header[this.headerBytes++] = chunk[at++]!;
      if (this.headerBytes >= 2 && this.headerBytes === this.headerLength()) this.begin();
    }
  }

  private begin(): void {
    this.headerBytes = 0;
    this.opcode = this.header[0]! & 0x0f;
    this.payloadBytes = this.payloadLength();
    this.payloadLeft = this.payloadBytes;
    if (this.keeps && this.payloadBytes >= this.longBytes) this.kept = new Uint8Array(this.payloadBytes);
    if (this.payloadLeft === 0) this.count();
  }

  private count(): void {
    if (this.opcode === PING) this.pings += 1;
    if (this.opcode !== TEXT) return;
    if (this.payloadBytes >= this.longBytes) this.long += 1;
    else if (this.payloadBytes === 1) this.enginePings += 1;
    else this.short += 1;
  }

  private keep(chunk: Uint8Array, at: number, step: number): void {
    if (this.payloadBytes < this.longBytes) return;
    this.kept?.set(chunk.subarray(at, at + step), this.payloadBytes - this.payloadLeft);
  }

  private headerLength(): number {
    const length = this.header[1]!;
    return length === LENGTH_64 ? 10 : length === LENGTH_16 ? 4 : 2;
  }

  private payloadLength(): number {
    const [, length = 0, a = 0, b = 0] = this.header;
    if (length < LENGTH_16) return length;
    if (length === LENGTH_16) return a * 256 + b;
    const view = new DataView(this.header.buffer);
    return view.getUint32(2) * TWO_TO_32 + view.getUint32(6);
  }
}
