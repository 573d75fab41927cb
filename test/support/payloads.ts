import { readFileSync } from 'node:fs';

/** A sample message of the provider, as bytes. */
export function payload(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/payloads/${name}.json`, import.meta.url));
}
