/** Who a client is, as the host's authenticator says. */
export interface ClientIdentity {
  /** null: anonymous */
  readonly subject: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** unix ms; null: never */
  readonly expiresAtMs: number | null;
}

export const ANONYMOUS: ClientIdentity = Object.freeze({ subject: null, claims: {}, expiresAtMs: null });

/** What is known of a client before its connection is upgraded. */
export interface UpgradeFacts {
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly url: string;
  /** null behind a proxy that is not named */
  readonly address: string | null;
}

/** Tells who a client is, at the upgrade and when it sends AUTHENTICATE. Bound by the host; port and injection token in one. */
export abstract class ClientAuthenticator {
  /**
   * @param token from `Authorization: Bearer`, the subprotocol `bearer.<token>`, the query `token`, or an AUTHENTICATE message
   * @returns null: nobody whom it knows. What it throws counts as null and is logged without the token
   */
  abstract authenticate(token: string, facts: UpgradeFacts): Promise<ClientIdentity | null>;
}
