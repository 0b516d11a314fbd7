type Options = { challenge: string };
type Credential = Record<string, unknown> & { id: string };
export class SoftPasskey {
  /** How often it was used; it says so with each answer. */
  uses: number;
  constructor(url: string);

  register(options: Options, verified?: boolean): Credential;
  answer(options: Options, verified?: boolean): Credential;
}
