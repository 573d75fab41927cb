import type { Findings } from './findings.js';
import { formatPosition, type Held } from './position.js';

/** One committed version, as the journal has it. */
export interface TrueVersion extends Held {
  readonly matchId: string;
  /** all that a frame may prove */
  readonly text: string;
}

interface Told {
  readonly text: string;
  readonly by: string;
}

/**
 * What clients were told of each version, by whatever frame: at once the same for all of them, and in the end the same as
 * the journal says.
 */
export class ToldVersions {
  private readonly told = new Map<string, Map<string, Told>>();

  constructor(private readonly findings: Findings) {}

  /** @param by the frame and the client, for the finding */
  note(matchId: string, position: Held, text: string, by: string): void {
    let versions = this.told.get(matchId);
    if (!versions) {
      versions = new Map();
      this.told.set(matchId, versions);
    }
    const key = formatPosition(position);
    const before = versions.get(key);
    if (!before) versions.set(key, { text, by });
    else if (before.text !== text)
      this.findings.note('wrong-content', `${matchId} ${key}: ${before.by} "${before.text}", ${by} "${text}"`);
  }

  get size(): number {
    let size = 0;
    for (const versions of this.told.values()) size += versions.size;
    return size;
  }

  /**
   * Compares all that was told with the journal.
   * @param isBegin is this the position of the row before anything was committed?
   */
  judge(journal: Iterable<TrueVersion>, isBegin: (matchId: string, position: string) => boolean): void {
    const open = new Map([...this.told].map(([matchId, versions]) => [matchId, new Map(versions)]));
    for (const version of journal) {
      const versions = open.get(version.matchId);
      const key = formatPosition(version);
      const told = versions?.get(key);
      if (!versions || !told) continue;
      versions.delete(key);
      if (told.text !== version.text)
        this.findings.note(
          'wrong-content',
          `${version.matchId} ${key}: ${told.by} told "${told.text}", committed "${version.text}"`,
        );
    }
    for (const [matchId, versions] of open) {
      for (const [key, { text, by }] of versions) {
        if (!isBegin(matchId, key))
          this.findings.note('wrong-content', `${matchId} ${key}: ${by} told "${text}", never committed`);
      }
    }
  }
}
