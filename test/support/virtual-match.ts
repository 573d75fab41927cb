import { acceptedAfterAll, asked } from '../../src/domain/hear.js';
import { NOTHING_HEARD } from '../../src/domain/heard.js';
import { isAccepted } from '../../src/domain/outcomes.js';
import { toJudgeAgain } from '../../src/domain/second-look.js';
import { whenToAsk } from '../../src/domain/when-to-ask.js';
import { type Circumstances, History, type Report, toUpdate } from './history.js';

type Said = Omit<Report, 'atS' | 'pulledAfterS'>;

const REST_LAG_MS = 30_000;

/** A match in virtual time, with a provider that is asked when the domain says so and answers within a second. */
export class VirtualMatch extends History {
  /** what the provider says at that time; null: it does not list the match; undefined: there is none */
  provider: ((nowS: number) => Said | null) | undefined;
  /** when it was asked, unix seconds */
  readonly askedAtS: number[] = [];

  /** @param nowS unix seconds */
  constructor(public nowS: number) {
    super();
  }

  get shown() {
    return { status: this.state.status, score: this.score };
  }

  /** A frame arrives now. */
  push(said: Said): string {
    return this.tell({ provider: this.provider ? 'answering' : 'absent', ...said, atS: this.nowS });
  }

  /** An answer to a request of `requestedAgoS` ago arrives now; the newest refused push may be newer than it. */
  pull(said: Said, requestedAgoS = 0): string {
    const report = { provider: 'answering' as const, ...said, atS: this.nowS, pulledAfterS: requestedAgoS };
    const outcome = this.tell(report);
    const again =
      outcome.startsWith('applied') && toJudgeAgain(this.heard, toUpdate(report), { restLagMs: REST_LAG_MS });
    if (again && this.judgeAgain(again, report)) this.heard = acceptedAfterAll(this.heard);
    return outcome;
  }

  /** Time passes; the provider is asked whenever it is due. */
  wait(seconds: number): void {
    const untilS = this.nowS + seconds;
    for (;;) {
      const due =
        this.provider && whenToAsk(this.heard, this.state, { nowMs: this.nowS * 1000, restLagMs: REST_LAG_MS });
      const atS = due ? Math.max(this.nowS, Math.ceil(due.dueMs / 1000)) : Number.POSITIVE_INFINITY;
      if (atS >= untilS) break;
      this.nowS = atS;
      this.ask();
    }
    this.nowS = untilS;
  }

  /** The process ends, and begins again after that many seconds with the row alone. */
  restart(afterS: number): void {
    this.nowS += afterS;
    const { home, away } = this.state;
    this.state = { ...this.state, peak: { home, away } };
    this.heard = NOTHING_HEARD;
  }

  private ask(): void {
    this.askedAtS.push(this.nowS);
    this.heard = asked(this.heard, this.nowS * 1000);
    const said = this.provider?.(this.nowS);
    if (said) this.pull(said);
  }

  private judgeAgain(update: ReturnType<typeof toUpdate>, { provider }: Circumstances): boolean {
    return isAccepted(this.judge(update, { atS: this.nowS, waited: true, provider }));
  }
}
