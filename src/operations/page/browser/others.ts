import type { OperationsFacts } from '../../facts.js';
import { byId } from './dom.js';
import { FactTable } from './rows.js';
import { factList, headed, type Part, readingNote } from './section.js';

/** The parts that only show: foreign writers, matches that stand still, the feed's history, hosts and sizes. */
export class Others implements Part {
  readonly #tables: readonly FactTable[];

  constructor() {
    const writers = byId('writers-body');
    writers.append(readingNote('stored.foreignWriters'), factList('stored.foreignWriters.value', MODE));
    const machine = byId('machine-body');
    this.#tables = [
      new FactTable(
        headed(writers, 'Writes of the last hour'),
        'stored.foreignWriters.value.lastHour',
        BY_RESULT,
        'none',
      ),
      new FactTable(headed(writers, 'Newest writes'), 'stored.foreignWriters.value.last', WRITES, 'none'),
      new FactTable(
        headed(machine, 'Changes of the feed', 'health.feed'),
        'feedHistory',
        FEED,
        'none since this process started',
        { isNewestFirst: true },
      ),
      new FactTable(headed(machine, 'Matches that stand still', 'stored.stale'), 'stored.stale.value', STALE, 'none'),
      new FactTable(headed(machine, 'Processes', 'stored.hosts'), 'stored.hosts.value', HOSTS, 'none'),
      new FactTable(headed(machine, 'Tables'), 'stored.sizes.value', SIZES, 'nothing yet'),
    ];
  }

  take(facts: OperationsFacts): void {
    for (const table of this.#tables) table.fit(facts);
  }
}

const MODE = { Mode: '{mode}, by {changedBy}, {changedAtMs time}', Because: '{reason}' };

const BY_RESULT = [['Result'], ['Writes', '', 'count']] as const;

const WRITES = [
  ['At', 'atMs', 'time'],
  ['Match', 'matchId'],
  ['Version', 'version', 'count'],
  ['Mode', 'mode'],
  ['Result', 'result'],
] as const;

const FEED = [
  ['At', 'atMs', 'time'],
  ['From', 'from'],
  ['To', 'to'],
  ['Why', 'reason'],
] as const;

const STALE = [
  ['Match', 'matchId'],
  ['Status', 'status', 'count'],
  ['Score', 'score'],
  ['Why', 'reason'],
  ['Since', 'sinceMs', 'time'],
] as const;

const HOSTS = [
  ['Process', 'host'],
  ['Sign of life', 'ageMs', 'ms'],
  ['Has the lease', 'lease.held', 'flag'],
  ['Stage', 'rollout.stage'],
  ['Share', 'rollout.percent', 'percent'],
] as const;

const SIZES = [
  ['Table', 'table'],
  ['Rows, about', 'rows', 'count'],
  ['Size', 'bytes', 'bytes'],
] as const;
