import { LegacyPath } from './ports/legacy-path.js';

/** A host without a legacy path: nothing is left to it, so nothing comes here. */
export class NoLegacyPath extends LegacyPath {
  override readonly binding = 'none';
  override add(): void {}
  override arrived(): void {}
  override async written(): Promise<boolean> {
    return true;
  }
  override tellAll(): void {}
}
