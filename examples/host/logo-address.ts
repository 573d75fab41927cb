/** The column takes no longer one. */
const LONGEST = 500;
const IMAGE = /^(?:https:\/\/|data:image\/[a-z0-9.+-]+[;,])[\x21-\x7e]+$/i;

/** A logo as a page may load it: an `https:` address or an image as `data:`; null where the column holds anything else. */
export function logoAddress(stored: string | null): string | null {
  return stored !== null && stored.length <= LONGEST && IMAGE.test(stored) ? stored : null;
}
