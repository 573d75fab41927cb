/** The identity says who a client is, as the host's authenticator told it. */
export interface ClientIdentity {
  /** null: anonymous */
  readonly subject: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** unix ms; null: never */
  readonly expiresAtMs: number | null;
}

/** Clients without a token have this identity. */
export const ANONYMOUS: ClientIdentity = Object.freeze({ subject: null, claims: {}, expiresAtMs: null });

/** These facts are known of a client before its connection is upgraded. */
export interface UpgradeFacts {
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly url: string;
  /** null behind a proxy that is not named */
  readonly address: string | null;
}

/**
 * The host's authenticator tells who a client is, at the upgrade and when it sends AUTHENTICATE. Bound by the host;
 * port and injection token in one.
 */
export abstract class ClientAuthenticator {
  /**
   * @param token from `Authorization: Bearer`, the subprotocol `bearer.<token>`, the query `token`, or an AUTHENTICATE message
   * @returns null: nobody whom it knows. What it throws counts as null and is logged without the token
   */
  abstract authenticate(token: string, facts: UpgradeFacts): Promise<ClientIdentity | null>;
}
