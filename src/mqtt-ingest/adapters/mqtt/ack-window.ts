const MIN_CAPACITY = 64;
const MAX_MESSAGE_ID = 65_535;
const BYTES_PER_ACK = 4;

const WAITING = 0;
const DONE = 1;

/**
 * The QoS 1 messages of ONE connection that were received and not acknowledged yet. Acknowledgements leave in the order
 * of receipt, as the protocol demands: what is done early waits for its turn. All that became free in one turn of the
 * event loop leaves in one write. Whoever reads the connection bounds it ({@link ReadingPause}).
 *
 * States: open –`drop`→ dropped; a dropped window takes nothing, writes nothing, and its late acknowledgements are void.
 */
export class AckWindow {
  /** messages in the window under each id: more than one where the broker uses an id again too early */
  private readonly inFlight = new Uint16Array(MAX_MESSAGE_ID + 1);
  /** Rings of a power of two, indexed by sequence number: `head` is the oldest unacknowledged one, `tail` the next. */
  private ids = new Uint16Array(MIN_CAPACITY);
  private marks = new Uint8Array(MIN_CAPACITY);
  private receivedAtMs = new Float64Array(MIN_CAPACITY);
  private head = 0;
  private tail = 0;
  private flushing = false;
  private dropped = false;

  /** @param write sends bytes on the connection of this window */
  constructor(private readonly write: (packets: Uint8Array) => void) {}

  /** messages not acknowledged yet */
  get size(): number {
    return this.tail - this.head;
  }

  /** receipt of the oldest of them, our clock, unix ms; null when there is none */
  get oldestAtMs(): number | null {
    return this.size === 0 ? null : (this.receivedAtMs[this.slot(this.head)] ?? null);
  }

  /** Is a message with this id in the window? */
  holds(messageId: number): boolean {
    return this.inFlight[messageId] !== 0;
  }

  /**
   * Takes a received message.
   * @returns the function that acknowledges it, at once or whenever its turn comes; further calls do nothing. Null when
   * the broker broke the protocol: the id is 0
   */
  open(messageId: number, receivedAtMs: number): (() => void) | null {
    if (messageId === 0) return null;
    if (this.size === this.ids.length) this.grow();
    const sequence = this.tail;
    const slot = this.slot(sequence);
    this.inFlight[messageId] = (this.inFlight[messageId] as number) + 1;
    this.ids[slot] = messageId;
    this.marks[slot] = WAITING;
    this.receivedAtMs[slot] = receivedAtMs;
    this.tail += 1;
    return () => this.done(sequence);
  }

  /** The connection is gone: none of these ids may be acknowledged on another one. */
  drop(): void {
    this.dropped = true;
    this.head = this.tail;
  }

  private done(sequence: number): void {
    if (sequence < this.head) return;
    this.marks[this.slot(sequence)] = DONE;
    if (sequence !== this.head || this.flushing) return;
    this.flushing = true;
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.flushing = false;
    if (this.dropped) return;
    let end = this.head;
    while (end < this.tail && this.marks[this.slot(end)] === DONE) end += 1;
    const packets = Buffer.allocUnsafe((end - this.head) * BYTES_PER_ACK);
    for (let at = 0; this.head < end; this.head += 1) {
      const messageId = this.ids[this.slot(this.head)] as number;
      this.inFlight[messageId] = (this.inFlight[messageId] as number) - 1;
      packets[at++] = 0x40;
      packets[at++] = 0x02;
      packets[at++] = messageId >> 8;
      packets[at++] = messageId & 0xff;
    }
    if (packets.length > 0) this.write(packets);
  }

  private slot(sequence: number): number {
    // Sequence numbers outgrow 32 bits in a long life, so no bit operation.
    return sequence % this.ids.length;
  }

  private grow(): void {
    const { ids, marks, receivedAtMs } = this;
    this.ids = new Uint16Array(ids.length * 2);
    this.marks = new Uint8Array(ids.length * 2);
    this.receivedAtMs = new Float64Array(ids.length * 2);
    for (let sequence = this.head; sequence < this.tail; sequence += 1) {
      const from = sequence % ids.length;
      const to = this.slot(sequence);
      this.ids[to] = ids[from] as number;
      this.marks[to] = marks[from] as number;
      this.receivedAtMs[to] = receivedAtMs[from] as number;
    }
  }
}
