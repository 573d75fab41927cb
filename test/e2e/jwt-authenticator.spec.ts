import { describe, expect, it } from '@jest/globals';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { JWT_AUDIENCE, JWT_ISSUER, JwtAuthenticator } from '../../examples/host/jwt-authenticator.js';

/** long enough for every algorithm of its kind: it is not the length that refuses one */
const SECRET = 'a secret of sixty-four bytes, which is what the longest digest has';
const key = (secret: string) => new TextEncoder().encode(secret);
const nowS = Math.floor(Date.now() / 1_000);
const CLAIMS: JWTPayload = { sub: 'ann', iss: JWT_ISSUER, aud: JWT_AUDIENCE, exp: nowS + 600, plan: 'pro' };

const signed = (claims: JWTPayload, { alg = 'HS256', secret = SECRET } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(key(secret));
const authenticator = new JwtAuthenticator(SECRET);

describe('the authenticator of the example host', () => {
  it('knows who a token of ours is for, and until when', async () => {
    expect(await authenticator.authenticate(await signed(CLAIMS))).toEqual({
      subject: 'ann',
      claims: { iss: JWT_ISSUER, aud: JWT_AUDIENCE, plan: 'pro' },
      expiresAtMs: (nowS + 605) * 1_000,
    });
  });

  it.each<[string, () => string | Promise<string>]>([
    ['no token', () => 'nonsense'],
    ['one of another secret', () => signed(CLAIMS, { secret: 'another secret of thirty-two bytes or more' })],
    ['one of another algorithm', () => signed(CLAIMS, { alg: 'HS512' })],
    ['one that nobody signed', () => new UnsecuredJWT(CLAIMS).encode()],
    ['one for somebody else', () => signed({ ...CLAIMS, aud: 'another' })],
    ['one of somebody else', () => signed({ ...CLAIMS, iss: 'another' })],
    ['one that is over', () => signed({ ...CLAIMS, exp: nowS - 60 })],
    ['one that is not valid yet', () => signed({ ...CLAIMS, nbf: nowS + 60 })],
    ['one that never ends', () => signed({ ...CLAIMS, exp: undefined } as JWTPayload)],
    ['one of nobody', () => signed({ ...CLAIMS, sub: undefined } as JWTPayload)],
  ])('does not know %s', async (_name, token) => {
    expect(await authenticator.authenticate(await token())).toBeNull();
  });
});
