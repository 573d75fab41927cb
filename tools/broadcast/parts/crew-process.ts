import { Forked } from '../../sync/parts/forked.js';
import type { TrueRow } from '../clients/crew-member.js';
import type {
  CrewCounts,
  CrewQuestion,
  CrewSettings,
  Judged,
  Reached,
  ReachQuestion,
} from '../clients/crew-questions.js';

/** All clients, in a process of their own. */
export class CrewProcess {
  private constructor(private readonly child: Forked) {}

  static async start(settings: CrewSettings, logFile: string): Promise<CrewProcess> {
    const child = Forked.launch('clients', { entry: 'tools/broadcast/clients/main', settings, logFile });
    await child.ready();
    return new CrewProcess(child);
  }

  async go(open: readonly string[], { leaveOthers = false } = {}): Promise<void> {
    await this.ask({ ask: 'go', open, leaveOthers });
  }

  async disturb(everyMs: number | null): Promise<void> {
    await this.ask({ ask: 'disturb', everyMs });
  }

  async pause(each: number): Promise<void> {
    await this.ask({ ask: 'pause', each });
  }

  async resume(): Promise<void> {
    await this.ask({ ask: 'resume' });
  }

  reach(question: Omit<ReachQuestion, 'ask'>): Promise<Reached> {
    return this.ask({ ask: 'reach', ...question });
  }

  lagMs(): Promise<number> {
    return this.ask({ ask: 'lag' });
  }

  counts(): Promise<CrewCounts> {
    return this.ask({ ask: 'counts' });
  }

  judge(rows: readonly TrueRow[], takeoversAtMs: readonly number[]): Promise<Judged> {
    return this.ask({ ask: 'judge', rows, takeoversAtMs });
  }

  async kill(): Promise<void> {
    await this.child.kill();
  }

  private async ask<Answer>(question: CrewQuestion): Promise<Answer> {
    const answer = await this.child.ask<Answer & { readonly failed?: string }>(question);
    if (answer?.failed) throw new Error(`The clients failed: ${answer.failed}`);
    return answer;
  }
}
