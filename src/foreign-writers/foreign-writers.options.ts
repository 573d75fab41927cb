import { optionsOf } from '../kernel/options.js';
import { checked, object } from '../kernel/options-rules.js';
import { PEOPLE } from './ports/foreign-writers.js';

const LONGEST_SOURCE = 50;
const MOST_SOURCES = 50;

/** These options configure {@link ForeignWritersModule}. */
export interface ForeignWritersOptions {
  /**
   * Sources whose stamp on a row is an authority, in every mode: what they write stands. A source is what a program puts
   * into `last_update_source`, `home_score_source`, `away_score_source` or `status_id_source`; 1–50 characters, 50 sources
   * at most. `admin` is better not among them: the platform's finisher of stuck matches stamps it.
   * @default ['api_force_refresh', 'api_manual_refresh']
   */
  readonly authorities?: readonly string[];
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedForeignWritersOptions extends optionsOf(
  'ForeignWritersModule',
  object({
    authorities: checked<readonly string[]>('at most 50 texts of 1 to 50 characters', isListOfSources, PEOPLE),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveForeignWritersOptions(options?: ForeignWritersOptions): ResolvedForeignWritersOptions {
  return new ResolvedForeignWritersOptions(options);
}

function isListOfSources(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MOST_SOURCES && value.every(isSource);
}

function isSource(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_SOURCE;
}
