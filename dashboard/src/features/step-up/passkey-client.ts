import { pageError } from '../../api/api-error.js';
import type { CredentialResponse, PasskeyOptions } from '../../api/types.js';

/** The browser's part of WebAuthn, loaded when it is wanted. */
const client = () => import('@simplewebauthn/browser');

type Asked = Parameters<Awaited<ReturnType<typeof client>>['startAuthentication']>[0];
type Made = Parameters<Awaited<ReturnType<typeof client>>['startRegistration']>[0];

/** Whether passkeys can be used here: they belong to a name, and an address of numbers is none. */
export const passkeysWork = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && !/^[\d.]+$|:/.test(location.hostname);

/** Whether this page is reached by numbers on this machine, where another spelling of its address would do. */
export const localhostWouldDo = (): boolean => ['127.0.0.1', '[::1]'].includes(location.hostname);

/** Asks the browser for a passkey. @returns null when the person closed its window */
export async function usePasskey(options: PasskeyOptions): Promise<CredentialResponse | null> {
  const { startAuthentication } = await client();
  return declined(startAuthentication({ optionsJSON: options }));
}

/** Offers passkeys where the e-mail is typed, until one is chosen. @returns null where the browser can't, or when it was given up */
export async function offerPasskeys(options: () => Promise<PasskeyOptions>): Promise<CredentialResponse | null> {
  const { browserSupportsWebAuthnAutofill, startAuthentication } = await client();
  if (!(await browserSupportsWebAuthnAutofill())) return null;
  const optionsJSON = (await options()) as unknown as Asked['optionsJSON'];
  return declined(startAuthentication({ optionsJSON, useBrowserAutofill: true }));
}

/** Gives up what the browser is being asked. */
export async function giveUpPasskey(): Promise<void> {
  const { WebAuthnAbortService } = await client();
  WebAuthnAbortService.cancelCeremony();
}

/** Lets the browser make a passkey. @returns null when the person closed its window */
export async function makePasskey(options: PasskeyOptions): Promise<CredentialResponse | null> {
  const { startRegistration } = await client();
  return declined(startRegistration({ optionsJSON: options as unknown as Made['optionsJSON'] }));
}

/** What browsers throw that can't do it with this device, at this address, or at all. */
const browserRefusals = new Set([
  'ConstraintError',
  'NotReadableError',
  'NotSupportedError',
  'SecurityError',
  'TypeError',
  'UnknownError',
]);

/** Closing the browser's window is an answer, not an error. */
async function declined(asked: Promise<unknown>): Promise<CredentialResponse | null> {
  try {
    return (await asked) as CredentialResponse;
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : '';
    if (name === 'NotAllowedError' || name === 'AbortError') return null;
    if (name === 'InvalidStateError')
      throw pageError('This device or key holds a passkey of this account already.', 'Use another one.');
    if (browserRefusals.has(name))
      throw pageError('This browser can’t use a passkey here.', 'Try another browser or device, or another way.');
    throw thrown;
  }
}
