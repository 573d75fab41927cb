/** The behaviour says what goes wrong with every answer. All of it is off by default; several can be on at once. */
export interface ProviderBehaviour {
  /** milliseconds before the answer begins */
  readonly latencyMs?: number;
  /** live matches are as old as that, milliseconds, at most 120,000 */
  readonly cacheAgeMs?: number;
  /** the provider's clock minus ours, milliseconds: moves the `Date` header */
  readonly clockSkewMs?: number;
  /** that many live matches that nobody knows, `unrelated-0` and on, come first in each answer */
  readonly unrelatedMatches?: number;
  /** HTTP status in place of 200 */
  readonly httpStatus?: number;
  /** body in place of what would be told */
  readonly body?: string;
  /** `hang`: never answers; `stall` falls silent in the middle of the answer, `cut` closes the connection there */
  readonly connection?: 'hang' | 'stall' | 'cut';
}
