import { DataSource } from 'typeorm';

const CONNECT_TIMEOUT_MS = 10_000;

/** A data source for the migrations of one database, when there is no host to bring one. The caller destroys it. */
export async function openDatabase(url: string): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize: 1,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    logging: false,
  }).initialize();
}
