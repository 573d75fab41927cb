import { closestName } from '../../kernel/closest-name.js';
import { describeReceived } from '../../kernel/options-received.js';
import { LISTS } from '../../sync/entity/entity-names.js';
import { CommandError } from '../cli.errors.js';

export const ALL = 'all';

/** @throws CommandError when there is no list behind the name */
export function listsAmong(names: readonly string[]): readonly string[] {
  const lists = names.filter((name) => LISTS.includes(name));
  if (lists.length > 0) return lists;
  const message = `${names.join(', ')} reads no list of the provider: nothing can be compared. Lists are ${LISTS.join(', ')}`;
  throw new CommandError('LIVESCORE_NO_SYNC_LIST', message);
}

/**
 * The name as hosts write it: case does not matter, nor whether a hyphen, an underscore or a space stands in it.
 * @throws CommandError when no host keeps such a one
 */
export function nameMeant(text: string, known: readonly string[]): string {
  const name = spelled(text);
  const meant = known.find((candidate) => spelled(candidate) === name);
  if (meant !== undefined) return meant;
  const close = closestName(name, known);
  const hint = close === undefined ? `known are ${known.join(', ')}` : `did you mean "${close}"?`;
  throw new CommandError('LIVESCORE_NO_SYNC_ENTITY', `there is no entity ${describeReceived('', text)}: ${hint}`);
}

export function isAll(text: string): boolean {
  return spelled(text) === ALL;
}

function spelled(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[_ ]/g, '-');
}
