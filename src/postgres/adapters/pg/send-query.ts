import pg, { type ClientBase, type QueryResult } from 'pg';

/**
 * Sends one statement on a connection. A query made of its text skips the copy of its configuration, property by property, that
 * `client.query({ … })` makes: a fortieth of what a goal costs.
 *
 * @param name of the prepared statement; without one it is parsed each time
 * @throws the server's error, or that of the connection
 */
export function sendQuery(
  client: ClientBase,
  text: string,
  name: string | undefined,
  values: readonly unknown[],
): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const callback = (error: Error | null, result: QueryResult) => (error ? reject(error) : resolve(result));
    client.query(Object.assign(new pg.Query(text, values as unknown[]), { name, callback }));
  });
}
