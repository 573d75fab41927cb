import { createHash } from 'node:crypto';
import { Injectable, Logger, Optional } from '@nestjs/common';
import { LetterDesk } from '../../dead-letters/ports/letter-desk.js';
import { EventLog } from '../../kernel/event-log.js';
import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { sqlState } from '../../postgres/sql-state.js';
import { RolloutReads } from '../../rollout/ports/rollout-reads.js';
import { StageChanges } from '../../rollout/stage-changes.service.js';
import { MatchEnd } from '../../score-writer/ports/match-end.js';
import { SettlementDesk } from '../../settlement/ports/settlement-desk.js';
import { SyncDesk } from '../../sync/ports/sync-desk.js';
import { actorOf } from '../access/actor.js';
import { ACTION_NAMES, type ActionDone, type ActionName, type ActionPreview } from '../facts.js';
import type { Fields } from '../http/json-body.js';
import type { PageRequest } from '../http/page-request.js';
import { RefusedError } from '../operations.errors.js';
import { StoredFactsReader } from '../stored/stored-facts.js';
import type { Action, Look } from './action.js';
import { BodyFields } from './body-fields.js';
import { EndMatchAction } from './end-match-action.js';
import { PinAction } from './pin-action.js';
import { RedriveAction } from './redrive-action.js';
import { SettlementAction } from './settlement-action.js';
import { StageAction } from './stage-action.js';
import { SyncAction } from './sync-action.js';

const [NOT_FOUND, CONFLICT] = [404, 409] as const;
const EXPECTED_CHARACTERS = 22;

/** An action that somebody asks for, by its name in the address. */
export interface AskedAction {
  readonly name: string;
  readonly body: Fields;
  readonly request: PageRequest;
}

/**
 * Does what operators ask for, each by the service that the command uses, with who and why. Nothing is done that was not looked at:
 * an action carries what its preview came to, and is refused when it would come to something else now.
 */
@Injectable()
export class ActionDesk {
  private readonly logger = new Logger('Operations');
  private readonly actions: ReadonlyMap<string, Action>;

  constructor(
    private readonly events: EventLog,
    private readonly stored: StoredFactsReader,
    @Optional() changes?: StageChanges,
    @Optional() reads?: RolloutReads,
    @Optional() letters?: LetterDesk,
    @Optional() sync?: SyncDesk,
    @Optional() settlement?: SettlementDesk,
    @Optional() ending?: MatchEnd,
  ) {
    const all = [
      changes && reads && new StageAction(changes, reads),
      changes && reads && new PinAction(changes, reads),
      letters && new RedriveAction(letters),
      sync && new SyncAction(sync),
      settlement && new SettlementAction(settlement),
      ending && new EndMatchAction(ending),
    ];
    this.actions = new Map(all.flatMap((action) => (action ? [[action.name, action] as const] : [])));
  }

  /** Those that this host has. */
  get names(): readonly ActionName[] {
    return ACTION_NAMES.filter((name) => this.actions.has(name));
  }

  /** @throws RefusedError @throws LiveScoreError */
  async preview({ name, body }: AskedAction): Promise<ActionPreview> {
    const action = this.called(name);
    const { summary, lines, isDestructive, state } = await action.look(new BodyFields(body));
    return { action: action.name, isPreview: true, summary, lines, isDestructive, expected: expectedOf(body, state) };
  }

  /** @throws RefusedError @throws LiveScoreError */
  async act({ name, body, request }: AskedAction): Promise<ActionDone> {
    const action = this.called(name);
    const fields = new BodyFields(body);
    const by = actorOf(request) ?? fields.by;
    const { reason, expected } = fields;
    const look = await action.look(fields);
    refuseUnseen(expected, body, look);
    const asked = { action: action.name, by, reason };
    try {
      const { summary, lines } = await look.perform({ by, reason });
      this.events.write(this.logger, 'operations.action', { ...asked, did: summary });
      return { ...asked, isPreview: false, summary, lines };
    } catch (error) {
      // whether it took effect may be unknown: this line is all that says who asked
      this.events.write(this.logger, 'operations.action', {
        ...asked,
        did: isRefused(error) ? 'nothing' : 'unknown',
        code: codeOf(error),
      });
      throw error;
    } finally {
      this.stored.expire();
    }
  }

  private called(name: string): Action {
    const action = this.actions.get(name);
    if (action) return action;
    throw new RefusedError(NOT_FOUND, 'LIVESCORE_NO_ACTION', 'this host has no such action');
  }
}

function isRefused(error: unknown): error is LiveScoreError {
  return error instanceof LiveScoreError;
}

function codeOf(error: unknown): string | null {
  return isRefused(error) ? error.code : sqlState(error);
}

function refuseUnseen(expected: string | null, body: Fields, { state }: Look): void {
  if (expected === null) {
    throw new RefusedError(CONFLICT, 'LIVESCORE_NOT_AGREED', 'look at the preview first: nothing was done');
  }
  if (expected === expectedOf(body, state)) return;
  throw new RefusedError(
    CONFLICT,
    'LIVESCORE_CHANGED',
    'it has changed since the preview: nothing was done; look again',
  );
}

/** One text for what is asked and what was looked at, whoever asks and why. */
function expectedOf({ by: _by, reason: _reason, expected: _expected, ...asked }: Fields, state: unknown): string {
  const sorted = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([sorted, state ?? null]))
    .digest('base64url')
    .slice(0, EXPECTED_CHARACTERS);
}
