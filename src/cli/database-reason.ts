import { sqlState } from '../postgres/sql-state.js';

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** What a database says when it refuses is for whoever sits at the terminal; where in our code it came up is not. */
export function databaseReason(error: unknown): string | null {
  const code = sqlState(error);
  if (code === null || !SQLSTATE.test(code) || !(error instanceof Error)) return null;
  return `the database answered ${code}: ${error.message}`;
}
