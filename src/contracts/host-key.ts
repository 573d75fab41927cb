/**
 * A host key is what this process made up for itself when it started. The host writes it to its row, so whoever may read the
 * database may ask the process why. Port and injection token in one; absent without the lease module.
 */
export abstract class HostKey {
  abstract readonly value: string;
}
