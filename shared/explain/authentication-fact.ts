// One thing that a header says about the sender's authenticity.
export interface AuthenticationDetail {
  name: string;
  value: string;
  meaning: string;
}

export interface AuthenticationFact {
  /** The method, such as `spf`, `dkim`, `dmarc`; or `dkim-signature`, `arc-seal`, `arc-message-signature`. */
  kind: string;
  /** As written, in lower case; null for a signature, which has none. */
  result: string | null;
  /** The domain that it is about. */
  domain: string | null;
  details: AuthenticationDetail[];
  sentence: string;
}
