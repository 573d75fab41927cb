import { Injectable } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import { until } from '../kernel/deadline.js';
import { Scheduler } from '../kernel/scheduler.js';
import type { Mailbox } from './mailbox.js';
import { baseOf } from './mailbox-contents.js';
import { Mailboxes } from './mailboxes.js';
import { type LoadedMatch, MatchLoader } from './ports/match-loader.js';

const LOOK_EVERY_MS = 2;

/** Has rows loaded as an update would have it, and looks every 2 ms whether they are there. */
@Injectable()
export class OnDemandMatchLoader extends MatchLoader {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly scheduler: Scheduler,
    private readonly right: WriteFence,
  ) {
    super();
  }

  override async load(matchId: string, timeoutMs: number): Promise<LoadedMatch> {
    if (!this.right.granted) return 'not-ours';
    const mailbox = this.mailboxes.open(matchId);
    if (!mailbox) return 'late';
    mailbox.needRow();
    const looks = { everyMs: LOOK_EVERY_MS, waitMs: timeoutMs };
    await until(() => answerOf(mailbox) !== null, looks, this.scheduler);
    return answerOf(mailbox) ?? 'late';
  }
}

/** null: not yet */
function answerOf({ contents }: Mailbox): LoadedMatch | null {
  if (contents.retired) return 'late';
  if (contents.phase === 'loading') return null;
  return baseOf(contents) ?? 'no-row';
}
