const UNSTORABLE = /\0|\p{Cs}/u;
const EVERY_UNSTORABLE = /\0|\p{Cs}/gu;

/**
 * Free text of the provider, or undefined when it is not text, is empty, or is longer than `maxLength`. What
 * PostgreSQL cannot store (U+0000, half surrogate pairs) becomes U+FFFD.
 */
export function providerText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) return undefined;
  return UNSTORABLE.test(value) ? value.replace(EVERY_UNSTORABLE, '\uFFFD') : value;
}
