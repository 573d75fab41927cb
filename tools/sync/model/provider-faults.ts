import {
  PROVIDER_ENTITY_LISTS,
  type ProviderFault,
  type ProviderFaultKind,
  type ProviderStandIn,
} from '../../../src/testing/index.js';

const LISTS = Object.values(PROVIDER_ENTITY_LISTS);
const MATCH_ENDPOINTS = ['/match/detail_live', '/match/recent/list', '/match/diary', '/data/update', '/deleted'];

/** Strikes of every answer, by chance. */
const ANYWHERE: readonly (readonly [ProviderFaultKind, number])[] = [
  ['http-429', 0.01],
  ['body-429', 0.01],
  ['text-429', 0.01],
  ['http-500', 0.02],
  ['error', 0.02],
  ['truncated', 0.02],
  ['cut', 0.02],
  ['no-results', 0.02],
  ['result', 0.05],
  ['object', 0.05],
  ['gzip', 0.2],
  ['unrelated', 0.05],
  ['duplicates', 0.1],
];

/** Everything that goes wrong while the tables are filled. Lists shift so often, and no more: one that never rests has no end. */
export function armFaults(provider: ProviderStandIn, seed: number, shifts: number): void {
  const add = (fault: ProviderFault, nth: number) => provider.faults.add({ ...fault, seed: seed * 1_000 + nth });
  for (const [nth, [kind, probability]] of ANYWHERE.entries()) add({ kind, probability }, nth);
  add({ kind: 'slow', probability: 0.05, ms: 400 }, 100);
  add({ kind: 'address', probability: 0.005 }, 101);
  add({ kind: 'hang', probability: 0.05, endpoint: MATCH_ENDPOINTS }, 102);
  for (const [nth, kind] of (['insert', 'move', 'delete'] as const).entries()) {
    add({ kind, probability: 0.15, times: shifts, endpoint: LISTS }, 200 + nth);
  }
}

/** The next page of a list is never answered. */
export function hangOnce(provider: ProviderStandIn): () => void {
  return provider.faults.add({ kind: 'hang', times: 1, endpoint: LISTS });
}

/** Requests for pages of entity lists so far. */
export function listRequests({ requestLog }: ProviderStandIn): number {
  return LISTS.reduce((sum, endpoint) => sum + requestLog.count(endpoint), 0);
}
