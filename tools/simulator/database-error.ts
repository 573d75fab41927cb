/** What the database does not want to hear, as its driver says it. */
export function databaseError(code: string): Error {
  return Object.assign(new Error(`The simulated database answers ${code}`), { code });
}
