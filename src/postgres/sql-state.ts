import { fieldsOf } from '../kernel/fields.js';

/** What a failed statement means for the one who sent it. */
export type SqlFailure =
  /** try again: connection, deadlock, timeout, server shutting down; it may have taken effect */
  | 'transient'
  /** try again and tell the operator: a table, column or right is missing */
  | 'unprepared'
  /** this row's data can never be written */
  | 'permanent';

const UNPREPARED = new Set(['42P01', '42703', '42501', '3D000', '28000', '28P01', '42883']);

/** Bad data; a constraint, a check option, or a trigger or function of the host refuses the row or fails on it. */
const PERMANENT_CLASSES = new Set(['21', '22', '23', '38', '39', '44', '54', 'P0']);

/** By SQLSTATE. Errors without one (socket, client timeout) are transient. */
export function classify(error: unknown): SqlFailure {
  const code = sqlState(error);
  if (code === null) return 'transient';
  if (UNPREPARED.has(code)) return 'unprepared';
  return PERMANENT_CLASSES.has(code.slice(0, 2)) && code.length === 5 ? 'permanent' : 'transient';
}

/** Can no attempt ever succeed? */
export function isPermanent(error: unknown): boolean {
  return classify(error) === 'permanent';
}

/** Refused before any statement was sent: no connection, or a server that takes none. */
const NEVER_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', '57P03', '53300']);

/** Has the statement certainly had no effect, because the database never saw it? */
export function neverReached(error: unknown): boolean {
  const code = sqlState(error);
  return code !== null && NEVER_REACHED.has(code);
}

/** Of the connection, of resources, of a server that goes or comes, of who we are: no other row would fare better. */
const SERVER_CLASSES = new Set(['08', '28', '3D', '53', '58']);
const SERVER_GOES = '57P';

/** May the failure be the fault of a row in the statement, a trigger of the host that fails or hangs, say? */
export function maySpareOtherRows(error: unknown): boolean {
  const code = sqlState(error);
  if (code?.length !== 5 || code.startsWith(SERVER_GOES) || !/^[0-9A-Z]+$/.test(code)) return false;
  return !SERVER_CLASSES.has(code.slice(0, 2)) && !/^E[A-Z]+$/.test(code);
}

/** SQLSTATE or socket error code of a driver error; null when it has none. */
export function sqlState(error: unknown): string | null {
  const { code } = fieldsOf(error);
  return typeof code === 'string' ? code : null;
}

const LACKING = new Set(['42P01', '42703']);

/** Did the statement fail because the database lacks a table or column? */
export function lacksSchema(error: unknown): boolean {
  return LACKING.has(sqlState(error) ?? '');
}

/** Did the statement fail because the role may not do it? */
export function lacksRight(error: unknown): boolean {
  return sqlState(error) === '42501';
}
