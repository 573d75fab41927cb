import { ENTITIES } from './entity/list/index.js';

/** Every entity and job by name, in the order in which they go where several are due: parents first. */
export const JOB_NAMES: readonly string[] = [
  'changes',
  'live',
  'recent',
  'diary',
  'deleted',
  'watchdog',
  ...ENTITIES.map(({ name }) => name),
  'team-data',
  'team-logo',
];
