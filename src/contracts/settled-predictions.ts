import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** One revision of the verdict about a prediction was committed. */
export interface SettledPrediction {
  readonly predictionId: string;
  /** `external_id` of the match */
  readonly matchId: string;
  /** counts from 1 */
  readonly revision: number;
  /** as `ai_predictions.result` has it now */
  readonly result: 'pending' | 'won' | 'lost' | 'cancelled';
  readonly verdict: 'open' | 'won' | 'lost' | 'void' | 'awaiting';
  /** 1 on a live score, 2 confirmed */
  readonly certainty: 1 | 2;
  /** which rule spoke, for example `instant_win_ms` */
  readonly reason: string;
  /** what happened to the match, for example `goal` or `var` */
  readonly cause: string;
  /** goals of the market's period, `2-1`; null when nothing is known of it */
  readonly finalScore: string | null;
  /** the first result of this prediction: clients count it once */
  readonly isFirstResult: boolean;
  readonly prediction: string;
  readonly botName: string;
  readonly homeTeam: string;
  readonly awayTeam: string;
}

/**
 * The stream tells what was settled, after each commit, in order per match. Publishing never throws into the
 * settlement.
 */
@Injectable()
export class SettledPredictions {
  private readonly subject = new Subject<readonly SettledPrediction[]>();
  /** the revisions of one commit together */
  readonly batches$: Observable<readonly SettledPrediction[]> = this.subject.asObservable();

  publish(batch: readonly SettledPrediction[]): void {
    this.subject.next(batch);
  }
}
