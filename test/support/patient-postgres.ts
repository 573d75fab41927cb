import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';

/** On a busy machine a connection takes its time; what is tested is what comes after it. */
export const PATIENT_POSTGRES = resolvePostgresOptions({ connectTimeoutMs: 30_000 });
