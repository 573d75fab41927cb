import type { Asked } from './asked.js';
import type { ClaimedStep } from './claimed-steps.js';
import { noCounts } from './client-counts.js';
import type { Findings } from './findings.js';
import { isOfSilentClients } from './frame-schemas.js';
import { formatPosition, type Held, isBefore, isSamePosition } from './position.js';
import type { ReadFrame, ShownMatch } from './read-frame.js';
import { ReplayRules } from './replay-rules.js';

/** Expected of a server in trouble; any other code means that the client did something wrong, and it does not. */
const EXPECTED_ERRORS = new Set(['UNAVAILABLE']);

/**
 * The rules of protocol 2 as one client can check them, through all its connections: a position is told once and never
 * goes back, a frame continues what the client has or says that it does not, and nothing comes that was not asked for.
 */
export class ProtocolRules {
  /** the newest position of each match that the client was told of */
  readonly held = new Map<string, Held>();
  readonly counts = noCounts();
  private readonly asked = new Map<string, Asked>();
  /** matches that a snapshot or a change of this connection told of, or confirmed by leaving them out */
  private readonly begun = new Set<string>();
  private readonly replays = new ReplayRules((kind, matchId, text) => this.say(kind, matchId, text));
  private isNew = false;
  private isGreeted = false;
  private asksByAddress = false;

  /**
   * @param wants is the match in the client's subscriptions, or was it a moment ago?
   * @param claims is told every step that more than one version may lie in
   */
  constructor(
    private readonly name: string,
    private readonly wants: (matchId: string) => boolean,
    private readonly findings: Findings,
    private readonly claims: (step: ClaimedStep) => void,
  ) {}

  /** @param asksByAddress the protocol is named in the address: nothing for silent clients may come */
  connected({ asksByAddress }: { readonly asksByAddress: boolean }): void {
    this.asked.clear();
    this.begun.clear();
    this.replays.forget();
    this.isNew = asksByAddress;
    this.isGreeted = false;
    this.asksByAddress = asksByAddress;
  }

  subscribes(asked: Asked): void {
    this.asked.set(asked.id, asked);
  }

  /** Is every question answered? */
  get isAnswered(): boolean {
    return this.asked.size === 0;
  }

  take(frame: ReadFrame): void {
    if (!this.isInTurn(frame)) return;
    switch (frame.type) {
      case 'SNAPSHOT':
        this.takeSnapshot(frame);
        break;
      case 'CHANGE':
        this.takeChange(frame);
        break;
      case 'CLOCK':
        this.takeClock(frame);
        break;
      case 'ERROR':
        this.takeError(frame);
        break;
      default:
    }
  }

  /** The client left these matches, and the server said so. */
  left(matchIds: Iterable<string>): void {
    for (const matchId of matchIds) this.begun.delete(matchId);
  }

  /** All is quiet: what was asked for again must have come. */
  quiet(): void {
    for (const matchId of this.replays.matchIds) this.replays.end(matchId, this.held.get(matchId));
  }

  private isInTurn({ type }: ReadFrame): boolean {
    if (this.asksByAddress && !this.isGreeted && type !== 'WELCOME')
      this.say('bad-frame', '', `${type} before WELCOME`);
    this.isGreeted = true;
    if (!isOfSilentClients(type)) return true;
    if (this.isNew) this.say('bad-frame', '', `${type} after it had spoken protocol 2`);
    return false;
  }

  private takeSnapshot(frame: ReadFrame): void {
    this.isNew = true;
    this.counts.snapshots += 1;
    if (frame.fields.id === undefined) {
      this.takeUnasked(frame);
      return;
    }
    const id = String(frame.fields.id);
    const asked = this.asked.get(id);
    if (!asked) {
      this.say('bad-frame', '', `a SNAPSHOT for ${id}, which was not asked`);
      return;
    }
    this.asked.delete(id);
    this.judgeRecovery(frame.fields.recovered === true, asked);
    const shown = new Set<string>();
    for (const match of frame.matches) {
      if (shown.has(match.matchId)) this.say('twice', match.matchId, 'twice in one SNAPSHOT');
      shown.add(match.matchId);
      this.takeShown(match, asked, frame.fields.recovered === true);
    }
    for (const matchId of asked.forged) {
      if (!shown.has(matchId)) this.say('refused', matchId, 'a position that nobody has was left out of the SNAPSHOT');
    }
    for (const matchId of asked.since.keys()) this.begun.add(matchId);
    this.judgeUnknown(frame, asked);
  }

  /** A match became known, perhaps after its first change; or the database lost commits, which none here does. */
  private takeUnasked({ fields, matches }: ReadFrame): void {
    if (fields.recovered !== true) this.say('refused', '', 'a SNAPSHOT says that the database lost what was committed');
    for (const { matchId, position } of matches) {
      if (!this.wants(matchId)) this.say('bad-frame', matchId, 'in a SNAPSHOT, and not asked for');
      const held = this.held.get(matchId);
      if (held && isBefore(position, held))
        this.say('out-of-order', matchId, `a SNAPSHOT at ${formatPosition(position)}, it has ${formatPosition(held)}`);
      else this.held.set(matchId, position);
      this.begun.add(matchId);
    }
  }

  private judgeRecovery(recovered: boolean, { forged, since }: Asked): void {
    if (since.size > 0) this.counts[recovered ? 'recovered' : 'unrecovered'] += 1;
    if (recovered && forged.size > 0) this.say('refused', '', 'recovered from a position that nobody has');
    if (!recovered && forged.size === 0)
      this.say('refused', '', `not recovered from positions that it rightly had: ${sinceText(since)}`);
  }

  private takeShown({ matchId, position }: ShownMatch, asked: Asked, isContinued: boolean): void {
    const held = this.held.get(matchId);
    const isForged = asked.forged.has(matchId);
    if (!this.wants(matchId)) this.say('bad-frame', matchId, 'in a SNAPSHOT, and not asked for');
    if (held && isBefore(position, held))
      this.say('out-of-order', matchId, `a SNAPSHOT at ${formatPosition(position)}, it has ${formatPosition(held)}`);
    else if (held && !isForged && isSamePosition(position, held) && asked.since.has(matchId))
      this.say('twice', matchId, `a SNAPSHOT at ${formatPosition(position)}, which it said that it has`);
    if (asked.replay && held && !isForged && isContinued) this.replays.begin(matchId, held);
    this.held.set(matchId, position);
    this.begun.add(matchId);
  }

  private judgeUnknown({ fields }: ReadFrame, { strangers }: Asked): void {
    const unknown = new Set(Array.isArray(fields.unknown) ? fields.unknown.map(String) : []);
    for (const matchId of unknown) {
      if (!strangers.has(matchId)) this.say('refused', matchId, 'a match that is there is unknown');
    }
    for (const matchId of strangers) {
      if (!unknown.has(matchId))
        this.say('bad-frame', matchId, 'no match has this id, and the SNAPSHOT does not say so');
    }
  }

  private takeChange({ matchId, position, previous, fields }: ReadFrame): void {
    if (!matchId || !position || !previous) return; // said by the schema
    this.counts.changes += 1;
    const isConflated = fields.conflated === true;
    if (isConflated) this.counts.conflated += 1;
    if (!this.wants(matchId)) {
      this.say('bad-frame', matchId, 'a CHANGE that was not asked for');
      return;
    }
    const step = { matchId, from: previous, to: position };
    if (!isConflated && fields.restated !== true) this.claims(step);
    if (fields.replayed === true) this.takeReplayed(step);
    else this.takeLive(step, fields.restated === true);
  }

  private takeLive({ matchId, from, to }: ClaimedStep, isRestated: boolean): void {
    const held = this.held.get(matchId);
    this.replays.end(matchId, held);
    if (held && isSamePosition(to, held)) {
      if (isRestated) this.counts.restated += 1;
      else this.say('twice', matchId, `a CHANGE to ${formatPosition(to)}, which it has`);
      return;
    }
    if (held && isBefore(to, held)) {
      this.say('out-of-order', matchId, `a CHANGE to ${formatPosition(to)}, it has ${formatPosition(held)}`);
      return;
    }
    if (!this.begun.has(matchId) && held)
      this.say('bad-frame', matchId, `a CHANGE to ${formatPosition(to)} before the SNAPSHOT`);
    if (held && isBefore(from, held))
      this.say(
        'out-of-order',
        matchId,
        `a CHANGE that continues ${formatPosition(from)}, it has ${formatPosition(held)}`,
      );
    else if (held && !isSamePosition(from, held)) this.counts.gapsTold += 1;
    this.held.set(matchId, to);
    this.begun.add(matchId);
  }

  /** The SNAPSHOT before may have shown the newest. */
  private takeReplayed(step: ClaimedStep): void {
    this.counts.replayed += 1;
    const held = this.held.get(step.matchId);
    if (this.replays.take(step, held) && (!held || isBefore(held, step.to))) this.held.set(step.matchId, step.to);
  }

  private takeClock({ matchId, position }: ReadFrame): void {
    const held = matchId ? this.held.get(matchId) : undefined;
    if (!matchId || !position || !held) return;
    if (isBefore(position, held))
      this.say('out-of-order', matchId, `a CLOCK of ${formatPosition(position)}, it has ${formatPosition(held)}`);
    else if (!isSamePosition(position, held)) this.counts.gapsTold += 1;
  }

  private takeError({ fields }: ReadFrame): void {
    this.counts.errors += 1;
    if (!EXPECTED_ERRORS.has(String(fields.code))) this.say('refused', '', `ERROR ${fields.code}: ${fields.message}`);
    this.asked.delete(String(fields.id));
  }

  private say(kind: Parameters<Findings['note']>[0], matchId: string, text: string): void {
    this.findings.note(kind, `${this.name}${matchId && ` ${matchId}`}: ${text}`);
  }
}

function sinceText(since: ReadonlyMap<string, Held>): string {
  const shown = [...since].slice(0, 3).map(([matchId, held]) => `${matchId} ${formatPosition(held)}`);
  return since.size > shown.length ? `${shown.join(', ')} and ${since.size - shown.length} more` : shown.join(', ');
}
