import type { ProviderFault, ProviderFaultKind } from './provider-fault.js';
import type { Strikes } from './provider-faults.js';

/** Bodies the provider is known to answer with. */
export const providerErrorBodies = {
  /** our address is not on its list */
  address: '{"err":"IP is not authorized to access, please contact our business staff."}',
  /** more requests than the plan allows */
  limit: '{"code":429,"msg":"Too Many Requests"}',
} as const;

export interface StatusAndBody {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const REFUSALS: Partial<Record<ProviderFaultKind, (fault: ProviderFault) => StatusAndBody>> = {
  'http-429': ({ retryAfterS }) => ({
    status: 429,
    body: '',
    ...(retryAfterS !== undefined && { headers: { 'Retry-After': String(retryAfterS) } }),
  }),
  'body-429': () => ({ status: 200, body: providerErrorBodies.limit }),
  'text-429': () => ({ status: 200, body: 'Too Many Requests' }),
  'http-500': () => ({ status: 500, body: '<html><body>Internal Server Error</body></html>' }),
  address: ({ status = 200 }) => ({ status, body: providerErrorBodies.address }),
  error: ({ status = 200 }) => ({ status, body: '{"code":1001,"err":"the request could not be answered"}' }),
};

/** What is answered in place of the answer; null when no such fault strikes. The first one that does wins. */
export function refusalOf(strikes: Strikes): StatusAndBody | null {
  for (const [kind, fault] of strikes) {
    const refusal = REFUSALS[kind];
    if (refusal) return refusal(fault);
  }
  return null;
}
