import type { Findings } from './findings.js';
import { formatPosition, isBefore, parsePosition } from './position.js';
import type { ToldVersions } from './told-versions.js';

/** A match as a client of the package shows it. */
export interface Shown {
  readonly matchId: string;
  readonly position: string;
  /** all that is proven by the position */
  readonly whole: string;
}

/** The rules for the package's own client: what it shows never goes back, is what was committed, and a goal is told once. */
export class ShownRules {
  /** changes of what it shows */
  changes = 0;
  gaps = 0;
  private readonly positions = new Map<string, string>();
  private readonly goals = new Set<string>();

  constructor(
    private readonly name: string,
    private readonly findings: Findings,
    private readonly versions: ToldVersions,
  ) {}

  shows({ matchId, position: text, whole }: Shown): void {
    const position = parsePosition(text);
    if (!position) {
      this.findings.note('bad-frame', `${this.name} ${matchId}: shows the position ${text}`);
      return;
    }
    this.changes += 1;
    const before = parsePosition(this.positions.get(matchId));
    this.positions.set(matchId, text);
    if (before && isBefore(position, before))
      this.findings.note('out-of-order', `${this.name} ${matchId}: shows ${text} after ${formatPosition(before)}`);
    this.versions.note(matchId, position, whole, this.name);
  }

  /** @param goal all that tells it from the other goals of its version */
  goal(matchId: string, position: string, goal: string): void {
    const key = `${matchId} ${position} ${goal}`;
    if (this.goals.has(key)) this.findings.note('twice', `${this.name}: the goal ${key}`);
    this.goals.add(key);
  }

  gap(matchId: string, had: string, position: string, cause: 'missed' | 'reset'): void {
    this.gaps += 1;
    // no database here loses what it committed, and no row is made anew
    if (cause === 'reset') this.findings.note('refused', `${this.name} ${matchId}: reset from ${had} to ${position}`);
  }

  error(code: string, message: string): void {
    if (code !== 'UNAVAILABLE') this.findings.note('refused', `${this.name}: ${code}: ${message}`);
  }
}
