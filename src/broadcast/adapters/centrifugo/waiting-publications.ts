import { conflated, keyOf, type Publication, publishCommand } from './publication.js';

export interface WaitingBounds {
  /** publications that may wait; the one that waits for longest gives way */
  readonly most: number;
  readonly batchCommands: number;
  /** of the commands of a batch together; one alone may be longer */
  readonly batchBytes: number;
}

/** A batch as it leaves: the commands are those of the publications. */
export interface Batch {
  readonly publications: readonly Publication[];
  readonly commands: readonly string[];
}

/** Publications that wait for their request: of each match and channel the newest state alone. */
export class WaitingPublications {
  private readonly waiting = new Map<string, Publication>();

  constructor(private readonly bounds: WaitingBounds) {}

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  get size(): number {
    return this.waiting.size;
  }

  /** @returns what came of it: it waits, it took the place of one that waited, or one was dropped to make room */
  add(publication: Publication): 'waits' | 'conflated' | 'dropped' {
    const key = keyOf(publication);
    const earlier = this.waiting.get(key);
    this.waiting.set(key, earlier ? conflated(earlier, publication) : publication);
    if (earlier) return 'conflated';
    return this.makeRoom() ? 'dropped' : 'waits';
  }

  /** Puts back what did not get through. What came meanwhile is newer. */
  putBack(publication: Publication): 'waits' | 'conflated' | 'dropped' {
    const key = keyOf(publication);
    const later = this.waiting.get(key);
    this.waiting.set(key, later ? conflated(publication, later) : publication);
    if (later) return 'conflated';
    return this.makeRoom() ? 'dropped' : 'waits';
  }

  /** The longest waiting first, as many as fit in a request. */
  take(): Batch {
    const publications: Publication[] = [];
    const commands: string[] = [];
    let bytes = 0;
    for (const [key, publication] of this.waiting) {
      const command = publishCommand(publication);
      const size = Buffer.byteLength(command) + 1;
      if (publications.length > 0 && bytes + size > this.bounds.batchBytes) break;
      this.waiting.delete(key);
      publications.push(publication);
      commands.push(command);
      bytes += size;
      if (publications.length === this.bounds.batchCommands) break;
    }
    return { publications, commands };
  }

  private makeRoom(): boolean {
    if (this.waiting.size <= this.bounds.most) return false;
    const [oldest] = this.waiting.keys();
    if (oldest !== undefined) this.waiting.delete(oldest);
    return true;
  }
}
