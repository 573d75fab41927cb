import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';

const DEFAULT_PORT = 3000;

/**
 * Listens on the port of the environment; without one on 3000, or on any free port when that is taken.
 * @returns the port
 */
export async function listen(app: INestApplication, port: number | null): Promise<number> {
  try {
    await app.listen(port ?? DEFAULT_PORT);
  } catch (error) {
    if (port !== null || !isTaken(error)) throw error;
    await app.listen(0);
  }
  const { port: listening } = app.getHttpServer().address() as AddressInfo;
  return listening;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
