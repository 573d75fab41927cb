import { isSecure, type PageRequest } from './page-request.js';

/**
 * A cookie for the page and its routes. It names no path: the browser takes the folder of the route that set it, as the browser
 * knows it, whatever a proxy made of it.
 * @param maxAgeS until then; null: until the browser is closed
 */
export function pageCookie(request: PageRequest, name: string, value: string, maxAgeS: number | null): string {
  const parts = [`${name}=${value}`, 'HttpOnly', 'SameSite=Strict'];
  if (maxAgeS !== null) parts.push(`Max-Age=${maxAgeS}`);
  if (isSecure(request)) parts.push('Secure');
  return parts.join('; ');
}
