/**
 * The store keeps `livescore_sync_deleted`: what the provider says it has deleted. The platform's rows stay. Port and
 * injection token in one.
 */
export abstract class DeletionStore {
  /**
   * Marks ids as deleted. A mark that is there stays as it is; one that was taken back within the last `listedAgainHours`,
   * because a list named the id again, is not set anew: the provider goes on telling a deletion for a day.
   * @returns the ids that were not marked before
   */
  abstract mark(entity: string, externalIds: readonly string[], listedAgainHours: number): Promise<readonly string[]>;
}
