import { isRunning, type SyncRow } from '../../sync/ports/sync-desk.js';

/** How the sync of an entity stands, for whoever asks for a run of it. */
export function presentLines(row: SyncRow, mode: string | null): readonly string[] {
  const { verdict, error, wanted, wantedBy, enabled } = row;
  return [
    ...(mode === 'off' ? ['The sync is off on all hosts: nothing runs before a mode is set.'] : []),
    ...(mode === 'shadow' ? ['The sync is in shadow: what a run finds is compared, and not written.'] : []),
    ...(enabled === false ? ['It is paused: nothing runs before it is resumed.'] : []),
    ...(isRunning(row) ? ['A run is under way: this one follows it.'] : []),
    ...(wanted === null
      ? []
      : [`${wantedBy ?? 'somebody'} has asked for a run (${wanted}): this one takes its place.`]),
    verdict === null ? 'It has never run.' : `The last run: ${verdict}${error === null ? '' : `, ${error}`}.`,
  ];
}
