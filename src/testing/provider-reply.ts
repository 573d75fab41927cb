import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** An answer as it goes over the wire. */
export interface ProviderReply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** what the provider takes for the time, unix ms */
  readonly dateMs: number;
  readonly gzip: boolean;
  readonly connection: 'stall' | 'cut' | null;
}

/** Answers how many bytes of the body went out. */
export function sendReply(response: ServerResponse, reply: ProviderReply): number {
  const { status, connection } = reply;
  const plain = Buffer.from(reply.body);
  const bytes = reply.gzip ? gzipSync(plain) : plain;
  response.writeHead(status, {
    ...reply.headers,
    'Content-Type': 'application/json',
    'Content-Length': bytes.length,
    ...(reply.gzip && { 'Content-Encoding': 'gzip' }),
    Date: new Date(reply.dateMs).toUTCString(),
  });
  if (connection === null) {
    response.end(bytes);
    return bytes.length;
  }
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  response.write(half, () => connection === 'cut' && response.destroy());
  return half.length;
}
