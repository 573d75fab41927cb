import { errors, type JWTVerifyOptions, jwtVerify } from 'jose';
import { ClientAuthenticator, type ClientIdentity } from '../../src/broadcast/index.js';

/** What whoever makes tokens puts into them. */
export const JWT_ISSUER = 'livescore-example';
export const JWT_AUDIENCE = 'livescore';
const CLOCK_TOLERANCE_S = 5;

/** Everything that makes a token one of ours is named: above all the algorithm, which a token must not choose. */
const EXPECTED: JWTVerifyOptions = {
  algorithms: ['HS256'],
  issuer: JWT_ISSUER,
  audience: JWT_AUDIENCE,
  requiredClaims: ['sub', 'exp'],
  clockTolerance: CLOCK_TOLERANCE_S,
};

/** Knows clients by JSON Web Tokens that are signed with a secret of the host. */
export class JwtAuthenticator extends ClientAuthenticator {
  private readonly key: Uint8Array;

  /** @param secret at least 32 bytes */
  constructor(secret: string) {
    super();
    this.key = new TextEncoder().encode(secret);
  }

  override async authenticate(token: string): Promise<ClientIdentity | null> {
    try {
      const { payload } = await jwtVerify(token, this.key, EXPECTED);
      const { sub = null, exp = 0, ...claims } = payload;
      return { subject: sub, claims, expiresAtMs: (exp + CLOCK_TOLERANCE_S) * 1_000 };
    } catch (error) {
      // a token that is none of ours is nothing to warn of; everything else is
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
