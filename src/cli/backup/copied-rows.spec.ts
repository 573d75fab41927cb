import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { CopiedRows } from './copied-rows.js';

const DUMP = [
  'SET lock_timeout = 0;',
  "SELECT pg_catalog.set_config('search_path', '', false);",
  '--',
  'COPY public.ts_matches (id, note) FROM stdin;',
  '1\ta\\\\.b',
  '2\tCOPY x FROM stdin;',
  '3\t\\N',
  '\\.',
  '',
  "SELECT pg_catalog.setval('public.x_id_seq', 3, true);",
].join('\n');
const HEADER = 'COPY pg_temp.kept (id, note) FROM stdin;\n';

async function copied(text: string, size: number): Promise<string> {
  const chunks: Buffer[] = [];
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  await pipeline(Readable.from(parts), new CopiedRows(HEADER), async (rows: AsyncIterable<Buffer>) => {
    for await (const chunk of rows) chunks.push(chunk);
  });
  return Buffer.concat(chunks).toString();
}

describe('the rows of an archive', () => {
  it.each([1, 2, 3, 7, 64, 10_000])('stand alone under another first line, in pieces of %i bytes', async (size) => {
    expect(await copied(DUMP, size)).toBe(`${HEADER}1\ta\\\\.b\n2\tCOPY x FROM stdin;\n3\t\\N\n\\.\n`);
  });

  it('may be none', async () => {
    expect(await copied('COPY a.b (c) FROM stdin;\n\\.\n\n', 5)).toBe(`${HEADER}\\.\n`);
  });

  it.each(['', 'SET a = 1;\n', 'COPY a.b (c) FROM stdin;\n1\n2\n'])(
    'are not cut short in silence: %j',
    async (text) => {
      await expect(copied(text, 9)).rejects.toThrow('ends before its rows do');
    },
  );
});
