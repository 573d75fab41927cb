import { FALSE_STATUS } from './false-status.js';
import { GAPS } from './gaps.js';
import type { History } from './history.js';
import { KICKOFFS } from './kickoffs.js';
import { OUT_OF_PLAY } from './out-of-play.js';
import { PLAYED } from './played.js';
import { VAR } from './var.js';

/** Every kind of match, each with the same weight. */
export const HISTORIES: readonly History[] = [...PLAYED, ...VAR, ...FALSE_STATUS, ...KICKOFFS, ...OUT_OF_PLAY, ...GAPS];
