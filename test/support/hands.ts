import type { CDPSession, Page, Request, Route } from 'playwright-core';

/** More controls than any page here has. */
const TABS_MAX = 80;

/** What has the focus, by the name that it shows or is called. */
const focused = `(() => {
  const at = document.activeElement;
  const label = at?.labels?.[0]?.innerText ?? at?.innerText ?? '';
  return (at?.getAttribute('aria-label') ?? label).trim();
})()`;

/** Goes to a control with the Tab key alone. @throws when the key doesn't lead there */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    const at = await page.evaluate<string>(focused);
    if (typeof name === 'string' ? at === name : name.test(at)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${String(name)}.`);
}

/** Goes to a button or link with Tab, and presses it with Enter. */
export async function pressKey(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** The authenticator that Chromium brings for tests. */
export type Authenticator = {
  /** Whether somebody touches it when it is asked. */
  touch: (present: boolean) => Promise<void>;
  /** Whether it recognises the person. */
  recognise: (person: boolean) => Promise<void>;
};

/** Plugs one into the page of these tools. @param verifies whether it checks the person, by PIN or fingerprint, and keeps what it makes */
export async function plugIn(devtools: CDPSession, verifies: boolean): Promise<Authenticator> {
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: verifies ? 'internal' : 'usb',
      hasResidentKey: verifies,
      hasUserVerification: verifies,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  });
  return {
    touch: async (enabled) => {
      await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    recognise: async (isUserVerified) => {
      await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
  };
}

/** The server makes the next change of this path, and its answer is lost on the way: neither its words nor its cookies arrive. */
export async function loseAnswer(page: Page, path: string): Promise<void> {
  const where = `**/api/v1${path}`;
  const handle = async (route: Route): Promise<void> => {
    if (route.request().method() === 'GET') return route.fallback();
    await repeat(route.request());
    await route.abort('connectionreset');
    // Not before: without a handler a request that waits would go on to the server by itself.
    await page.unroute(where, handle);
  };
  await page.route(where, handle);
}

async function repeat(request: Request): Promise<void> {
  const headers = Object.entries(await request.allHeaders()).filter(
    ([name]) => !name.startsWith(':') && !['content-length', 'connection', 'host'].includes(name),
  );
  const answer = await fetch(request.url(), {
    method: request.method(),
    headers: Object.fromEntries(headers),
    body: request.postData(),
  });
  if (!answer.ok) throw new Error(`The answer to be lost was ${answer.status}.`);
}
