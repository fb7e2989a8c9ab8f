/** Where what a finding stands on is looked at; absent where it cannot be. */
export interface Places {
  line?: ((n: number) => string) | null;
  byte?: ((offset: number) => string) | null;
  header?: string | null;
  session: (id: string) => string;
}
