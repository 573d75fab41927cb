import type { SeededRandom } from '../../../test/support/seeded-random.js';
import type { Asked } from '../checks/asked.js';
import type { ClaimedStep } from '../checks/claimed-steps.js';
import type { Findings } from '../checks/findings.js';
import { formatPosition, type Held } from '../checks/position.js';
import { ProtocolRules } from '../checks/protocol-rules.js';
import type { FrameReader, ReadFrame } from '../checks/read-frame.js';
import { type Comparison, type CrewMember, isBehind, type TrueRow } from './crew-member.js';
import { type Addresses, Line } from './line.js';
import { type Fixtures, pickSome, type Wish } from './wishes.js';

/** A server that is in trouble says UNAVAILABLE: asked again after this. */
const ASK_AGAIN_MS = 400;
const STRANGER = 'nosuchmatch';
const FORGED = 2;
/** a position of another incarnation, or far ahead of any row */
const FORGED_EPOCH = 4_321;
const FORGED_AHEAD = 1_000_000;
/** how often a connection of a client that changes its mind begins with less */
const MOVED_MATCHES = 3;

/** What a close code says to a client that did nothing wrong. 1006: the host, or the network, went without a word. */
const EXPECTED_CODES = new Set([1000, 1001, 1005, 1006, 4408]);

/** A client that speaks protocol 2 in plain WebSocket messages, and checks everything that it is told. */
export class Protocol2Client implements CrewMember {
  readonly kind = 'protocol-2';
  readonly rules: ProtocolRules;
  readonly line: Line;
  /** by id; whatever else was asked for is in the wish */
  private readonly matches: Set<string>;
  /** left a moment ago: the server may not know yet */
  private readonly leaving = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private questions = 0;
  private isAsked = false;

  constructor(
    readonly name: string,
    private readonly wish: Wish,
    private readonly fixtures: Fixtures,
    addresses: Addresses,
    private readonly random: SeededRandom,
    private readonly reader: FrameReader,
    private readonly findings: Findings,
    claims: (step: ClaimedStep) => void,
  ) {
    this.matches = new Set(wish.matches);
    this.rules = new ProtocolRules(
      name,
      (matchId) => this.wants(matchId) || this.leaving.has(matchId),
      findings,
      claims,
    );
    this.line = new Line(wish.byAddress ? '/ws?protocol=2' : '/ws', addresses, random, {
      opened: () => this.opened(),
      heard: (text) => this.heard(text),
      closed: (code) => this.closed(code),
    });
  }

  get followsAll(): boolean {
    return this.wish.all;
  }

  start(): void {
    this.line.connect();
  }

  get isServed(): boolean {
    return this.line.isOpen && this.isAsked && this.rules.isAnswered && this.leaving.size === 0;
  }

  behindOn(rows: readonly TrueRow[], how: Comparison): string | null {
    for (const { matchId, position, isUntouched } of rows) {
      if (!this.wants(matchId)) continue;
      const held = this.rules.held.get(matchId);
      // nobody has to be told of a match that did not begin, unless it was asked for by id
      if (!held && isUntouched && !this.matches.has(matchId)) continue;
      if (!held || isBehind(held, position, how))
        return `${matchId} has ${held ? formatPosition(held) : 'nothing'}, row ${formatPosition(position)}`;
    }
    return null;
  }

  end(): void {
    if (this.timer) clearTimeout(this.timer);
    this.line.end();
  }

  private wants(matchId: string): boolean {
    const { all, competitions } = this.wish;
    return all || this.matches.has(matchId) || competitions.includes(this.fixtures.competitionOf.get(matchId) ?? '');
  }

  private opened(): void {
    this.leaving.clear();
    this.rules.connected({ asksByAddress: this.wish.byAddress });
    if (this.wish.changes) this.changeMind();
    else this.ask([...this.matches]);
  }

  /** Asks for some, then for the others beside them, leaves a few and comes back to them. */
  private changeMind(): void {
    const left = pickSome([...this.matches], MOVED_MATCHES, this.random);
    const [first, ...others] = [...this.matches];
    this.ask(first === undefined ? [] : [first]);
    this.ask(others);
    for (const matchId of left) {
      this.matches.delete(matchId);
      this.leaving.add(matchId);
    }
    this.line.send({ type: 'UNSUBSCRIBE', id: this.nextId(), matches: left });
  }

  private ask(matches: readonly string[]): void {
    const { all, competitions, replay, forges } = this.wish;
    const id = this.nextId();
    const held = this.heldOf(matches);
    const forged = forges ? this.forge(matches) : new Map<string, Held>();
    const since = new Map([...held, ...forged]);
    const strangers = new Set(forges ? [STRANGER] : []);
    const asked: Asked = { id, since, forged: new Set(forged.keys()), replay, strangers };
    this.rules.subscribes(asked);
    this.isAsked = true;
    this.line.send({
      type: 'SUBSCRIBE',
      id,
      ...(all && { all: true }),
      ...(competitions.length > 0 && { competitions }),
      ...(matches.length > 0 && { matches: [...matches, ...strangers] }),
      ...(since.size > 0 && {
        since: Object.fromEntries([...since].map(([match, at]) => [match, formatPosition(at)])),
      }),
      ...(replay && { replay: true }),
    });
  }

  /** By id what is asked for by id; else all that it knows of what it wants. */
  private heldOf(matches: readonly string[]): ReadonlyMap<string, Held> {
    const isMeant = matches.length > 0 ? (matchId: string) => matches.includes(matchId) : () => true;
    return new Map([...this.rules.held].filter(([matchId]) => this.wants(matchId) && isMeant(matchId)));
  }

  private forge(matches: readonly string[]): Map<string, Held> {
    const chosen = pickSome(matches, FORGED, this.random);
    return new Map(
      chosen.map((matchId, n) => {
        const { epoch, version } = this.rules.held.get(matchId) ?? { epoch: 0, version: 0 };
        return [matchId, n % 2 === 0 ? { epoch: FORGED_EPOCH, version } : { epoch, version: version + FORGED_AHEAD }];
      }),
    );
  }

  private heard(text: string): void {
    const frame = this.reader.read(text);
    if (!frame) return;
    this.rules.take(frame);
    if (frame.type === 'UNSUBSCRIBED') this.left();
    else if (frame.type === 'ERROR') this.askLater();
    else if (frame.type === 'GOODBYE') this.dismissed(frame);
  }

  /** What was left is wanted again: the positions are still known. */
  private left(): void {
    const back = [...this.leaving];
    this.leaving.clear();
    this.rules.left(back);
    if (back.length === 0) return;
    for (const matchId of back) this.matches.add(matchId);
    this.ask(back);
  }

  private askLater(): void {
    this.isAsked = false;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask([...this.matches]), ASK_AGAIN_MS);
  }

  private dismissed({ fields }: ReadFrame): void {
    if (fields.reason !== 'shutdown' && fields.reason !== 'slow')
      this.findings.note('refused', `${this.name}: GOODBYE ${fields.reason}`);
    this.line.comeBackAfter(Number(fields.retryAfterMs) || 0);
  }

  private closed(code: number): void {
    this.isAsked = false;
    for (const matchId of this.leaving) this.matches.add(matchId);
    this.leaving.clear();
    if (this.timer) clearTimeout(this.timer);
    if (!EXPECTED_CODES.has(code)) this.findings.note('refused', `${this.name}: closed with ${code}`);
  }

  private nextId(): string {
    this.questions += 1;
    return `q${this.questions}`;
  }
}
