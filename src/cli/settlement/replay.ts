import type { Client } from 'pg';
import { nextMomentMs } from '../../domain/settlement/settlement-fold.js';
import { EMPTY_PATH, type SettlementLimits } from '../../domain/settlement/settlement-path.js';
import { ClientDatabase } from '../../postgres/adapters/pg/client-database.js';
import { PgPredictionRepository } from '../../settlement/adapters/pg/pg-prediction-repository.js';
import type { Ruling, SettledSoFar, UnsettledMatch } from '../../settlement/ports/prediction-repository.js';
import { endedUnseen, planSettlement } from '../../settlement/settlement-plan.js';
import { isJournalComplete, readWholeJournal } from './whole-journal.js';

/** What the journal, folded once more from its first version, says of one text. */
export interface Replay {
  readonly versions: number;
  readonly words: SettledSoFar['words'];
  /** in which the match was looked at last; null: never */
  readonly mode: SettledSoFar['mode'] | null;
  /** the host has not looked at the newest version, word or moment yet */
  readonly isBehind: boolean;
  readonly verdict: Pick<Ruling, 'verdict' | 'result' | 'certainty' | 'reason' | 'basis' | 'score' | 'fingerprint'>;
}

/** Why nothing can be replayed: no market is known for the text, or versions that were settled are deleted. */
export type NoReplay = 'market' | 'journal';

interface Question {
  readonly matchId: string;
  readonly text: string;
  readonly threshold: string | null;
}

/** Folds all that is known of a match, with the functions of the host, and rules on one text. Writes nothing. */
export async function replay(
  client: Client,
  { matchId, text, threshold }: Question,
  limits: SettlementLimits,
): Promise<Replay | NoReplay> {
  const repository = new PgPredictionRepository(new ClientDatabase(client));
  const [match] = await repository.read([matchId], 'on');
  if (!match) return 'market';
  const journal = await readWholeJournal(client, matchId);
  if (match.sofar && !(await isJournalComplete(client, matchId))) return 'journal';
  const texts = [{ prediction: text, threshold, count: 1 }];
  const whole: UnsettledMatch = { ...match, ...journal, sofar: unheard(match.sofar), isMore: false, texts };
  const wasPlayed = endedUnseen(whole, limits) && (await repository.wasPlayed(matchId));
  const ruling = planSettlement(whole, wasPlayed, limits).steps.at(-1)?.rulings[0];
  if (!ruling) return 'market';
  const { verdict, result, certainty, reason, basis, score, fingerprint } = ruling;
  return {
    versions: journal.steps.length,
    words: match.sofar?.words ?? [],
    mode: match.sofar?.mode ?? null,
    isBehind: isBehind(match, limits),
    verdict: { verdict, result, certainty, reason, basis, score, fingerprint },
  };
}

/** As after `redo`: nothing is folded, and every word is still to be heard. */
function unheard(sofar: SettledSoFar | null): SettledSoFar | null {
  return sofar && { ...sofar, path: EMPTY_PATH, heard: 0 };
}

function isBehind({ sofar, steps, nowMs }: UnsettledMatch, limits: SettlementLimits): boolean {
  if (!sofar || steps.length > 0 || sofar.heard < sofar.words.length) return true;
  const nextMs = nextMomentMs(sofar.path, limits);
  return nextMs !== null && nextMs <= nowMs;
}
