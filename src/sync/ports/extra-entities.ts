/** Teams and competitions that came along with a list of matches. Port and injection token in one; optional. */
export abstract class ExtraEntities {
  /**
   * Adds those that are not known yet; what is known stays as it is, since such an entry says less than the entity's own list.
   * @param items with the provider's own field names
   */
  abstract offer(entity: 'team' | 'competition', items: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
}
