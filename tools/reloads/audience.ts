import { join } from 'node:path';
import { packageRoot } from '../../examples/host/package-root.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { ClaimedSteps } from '../broadcast/checks/claimed-steps.js';
import { Findings } from '../broadcast/checks/findings.js';
import { FrameSchemas } from '../broadcast/checks/frame-schemas.js';
import { FrameReader } from '../broadcast/checks/read-frame.js';
import { ToldVersions } from '../broadcast/checks/told-versions.js';
import { readTruth } from '../broadcast/clients/journal-truth.js';
import { announcementFindings } from '../faults/checks/announcements.js';
import type { Finding } from '../faults/checks/finding.js';
import type { JournalEntry } from '../faults/parts/match-database.js';
import { Screen } from '../faults/parts/screen.js';
import { Viewer } from './parts/viewer.js';
import type { Scene } from './scene.js';

const VIEWERS = 2;

/** The clients: some of protocol 2 on any host, or behind the proxy, and one of each host that says nothing. */
export class Audience {
  private readonly findings = new Findings();
  private readonly claims = new ClaimedSteps();
  private readonly proven = new ToldVersions(this.findings);
  private readonly viewers: readonly Viewer[];
  readonly screens: readonly Screen[];

  constructor({ ports, proxyUrl }: Pick<Scene, 'ports' | 'proxyUrl'>, seed: number) {
    const addresses = ports.map((port) => `ws://127.0.0.1:${port}`);
    const open = proxyUrl === null ? addresses : [proxyUrl.replace('http', 'ws')];
    const schemas = FrameSchemas.read(join(packageRoot(), 'docs', 'protocol'));
    const versions = { proven: this.proven, shown: new ToldVersions(new Findings()) };
    const reader = new FrameReader(schemas, versions, this.findings);
    const claims: ConstructorParameters<typeof Viewer>[5] = (step) => this.claims.note(step);
    this.viewers = Array.from({ length: VIEWERS }, (_, n) => {
      return new Viewer(`viewer ${n}`, { open }, new SeededRandom(seed + n), reader, this.findings, claims);
    });
    this.screens = addresses.map((address) => new Screen(address, `${address}/ws`));
  }

  /** of protocol 2, heard by all together */
  get changes(): number {
    return this.viewers.reduce((sum, { rules }) => sum + rules.counts.changes, 0);
  }

  get connections(): number {
    return this.viewers.reduce((sum, viewer) => sum + viewer.connections, 0);
  }

  /** The longest that one of them heard of no change since somebody asked, ms. */
  takeSilenceMs(): number {
    return Math.max(...this.viewers.map((viewer) => viewer.takeSilenceMs()));
  }

  async judge(databaseUrl: string, matchIds: readonly string[], journal: readonly JournalEntry[]): Promise<Finding[]> {
    const truth = await readTruth(databaseUrl, matchIds);
    this.proven.judge(truth.proven, (matchId, position) => truth.isBegin(matchId, position));
    this.claims.judge(truth.proven, this.findings);
    const { counts, examples } = this.findings.found();
    const found = examples.map(({ kind, text }): Finding => {
      return { kind: kind === 'twice' ? 'duplicated' : 'broken', text: `${kind} (${counts[kind]}): ${text}` };
    });
    const frames = this.screens.flatMap((screen) => screen.frames);
    return [...found, ...announcementFindings(frames, journal)];
  }

  leave(): void {
    for (const viewer of this.viewers) viewer.end();
    for (const screen of this.screens) screen.close();
  }
}
