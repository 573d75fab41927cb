import { isBroadcastRun } from './program.js';

// what clients are told has a program of its own
if (isBroadcastRun(process.argv.slice(2))) await import('../broadcast/main.js');
else await import('./suite.js');
