import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';

/** A pool that waits for a connection and for an answer as long as a busy machine may need. */
export const PATIENT_POSTGRES = resolvePostgresOptions({ connectTimeoutMs: 25_000, statementTimeoutMs: 25_000 });
