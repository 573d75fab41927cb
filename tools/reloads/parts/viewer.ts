import type { SeededRandom } from '../../../test/support/seeded-random.js';
import type { ClaimedStep } from '../../broadcast/checks/claimed-steps.js';
import type { Findings } from '../../broadcast/checks/findings.js';
import { ProtocolRules } from '../../broadcast/checks/protocol-rules.js';
import type { FrameReader, ReadFrame } from '../../broadcast/checks/read-frame.js';
import { type Addresses, Line } from '../../broadcast/clients/line.js';

/**
 * A client of protocol 2 that follows every match, on any of the hosts, and checks what it is told. It comes back with nothing:
 * what a connection tells must be right by itself.
 */
export class Viewer {
  readonly rules: ProtocolRules;
  private readonly line: Line;
  private questions = 0;
  private heardAtMs: number | null = null;
  private silenceMs = 0;

  constructor(
    name: string,
    addresses: Addresses,
    random: SeededRandom,
    private readonly reader: FrameReader,
    findings: Findings,
    claims: (step: ClaimedStep) => void,
  ) {
    this.rules = new ProtocolRules(name, () => true, findings, claims);
    this.line = new Line('/ws?protocol=2', addresses, random, {
      opened: () => this.opened(),
      heard: (text) => this.heard(text),
      closed: () => undefined,
    });
    this.line.connect();
  }

  get connections(): number {
    return this.line.connections;
  }

  /** The longest time without a change since somebody asked, ms. */
  takeSilenceMs(): number {
    const longest = this.silenceMs;
    this.silenceMs = 0;
    return longest;
  }

  end(): void {
    this.line.end();
  }

  private opened(): void {
    this.questions += 1;
    const id = `q${this.questions}`;
    this.rules.connected({ asksByAddress: true });
    this.rules.subscribes({ id, since: new Map(), forged: new Set(), replay: false, strangers: new Set() });
    this.line.send({ type: 'SUBSCRIBE', id, all: true });
  }

  private heard(text: string): void {
    const frame = this.reader.read(text);
    if (!frame) return;
    this.rules.take(frame);
    if (frame.type === 'CHANGE') this.noteChange();
    else if (frame.type === 'GOODBYE') this.dismissed(frame);
  }

  private noteChange(): void {
    const nowMs = performance.now();
    if (this.heardAtMs !== null) this.silenceMs = Math.max(this.silenceMs, nowMs - this.heardAtMs);
    this.heardAtMs = nowMs;
  }

  private dismissed({ fields }: ReadFrame): void {
    this.line.comeBackAfter(Number(fields.retryAfterMs) || 0);
  }
}
