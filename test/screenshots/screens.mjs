/** Waits for the first row of the live list. */
const rows = (page) => page.locator('[data-position="0"]').waitFor({ timeout: 20_000 });
/** Waits for the places beside the map. */
const places = (page) => page.getByRole('list', { name: 'Places' }).waitFor();
const openFirst = async (page) => {
  await rows(page);
  await page.locator('[data-position="2"]').click();
  await page.getByRole('complementary', { name: /^Attempt by/ }).waitFor();
};

/** Every screen that has a picture. `docs`: the looks of it that the documentation shows. */
export const screens = [
  { name: 'sign-in', path: '/sign-in', signedOut: true },
  { name: 'sign-in-refused', path: '/sign-in', signedOut: true, prepare: refuse },
  { name: 'home', path: '/me' },
  { name: 'my-activity', path: '/me/activity' },
  { name: 'my-sessions', path: '/me/sessions', docs: ['phone'] },
  { name: 'devices', path: '/me/devices' },
  { name: 'two-step', path: '/me/2fa' },
  { name: 'sign-in-rules', path: '/settings/sign-in' },
  { name: 'overview', path: '/overview', prepare: places },
  { name: 'overview-narrowed', path: '/overview?period=7d&outcome=failed', prepare: places },
  { name: 'overview-nothing-matches', path: '/overview?country=AQ' },
  { name: 'live', path: '/live', prepare: rows, docs: ['light', 'dark', 'phone'] },
  { name: 'live-panel', path: '/live', prepare: openFirst },
  { name: 'live-filtered', path: '/live?outcome=failed&risk=30..', prepare: rows },
  { name: 'live-nothing-matches', path: '/live?country=AQ' },
  { name: 'live-offline', path: '/live', prepare: unplug },
  { name: 'inbox', path: '/alerts', docs: ['phone'] },
  { name: 'alert', path: '/alerts', prepare: openAlert, docs: ['light', 'dark'] },
  { name: 'alert-resolve', path: '/alerts', prepare: resolve },
  { name: 'inbox-mine-empty', path: '/alerts?show=mine' },
  { name: 'inbox-all', path: '/alerts?show=all' },
  { name: 'sessions', path: '/sessions', docs: ['light'] },
  { name: 'sessions-nothing', path: '/sessions?text=nobody-at-all' },
  { name: 'receipt', path: '/sessions', prepare: endOne },
  { name: 'person', path: '/people', prepare: openPerson },
  { name: 'address', path: '/live', prepare: openFrom('/ip/') },
  { name: 'network', path: '/live', prepare: openFrom('/ip/', '/asn/') },
  { name: 'application', path: '/live', prepare: openFrom('/application/') },
  { name: 'device', path: '/people?search=ana%40example.com', prepare: openDevice },
  { name: 'incident', path: '/alerts', prepare: openIncident },
  { name: 'quality', path: '/alerts/quality' },
  { name: 'team', path: '/team' },
  { name: 'people', path: '/people' },
  { name: 'import', path: '/people/import' },
  { name: 'audit', path: '/audit' },
  { name: 'settings', path: '/settings' },
  { name: 'health', path: '/settings/health' },
  { name: 'detection', path: '/settings/detection' },
  { name: 'notification-rules', path: '/settings/notifications' },
  { name: 'mail', path: '/settings/mail' },
  { name: 'sms', path: '/settings/sms' },
  { name: 'webhook', path: '/settings/webhook' },
  { name: 'drill', path: '/settings/drill' },
  { name: 'password', path: '/me/password' },
  { name: 'addresses', path: '/me/addresses' },
  { name: 'forgot', path: '/forgot', signedOut: true },
  { name: 'applications', path: '/settings/applications' },
  { name: 'application-key', path: '/settings/applications', prepare: connect },
  { name: 'connect', path: '/set-up' },
  { name: 'connect-key', path: '/set-up', prepare: createKey },
  { name: 'keys', path: '/live', prepare: (page) => page.keyboard.press('?') },
  { name: 'not-found', path: '/nothing/here' },
];

async function refuse(page) {
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.locator('input[type="password"]').fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: /\w/ }).first().waitFor();
}

async function unplug(page) {
  await rows(page);
  await page.context().setOffline(true);
  await page.waitForTimeout(2_500);
}

async function openAlert(page) {
  const first = page.locator('[data-alert]').first();
  await first.waitFor();
  await first.click();
  await page.getByRole('article').waitFor();
}

async function resolve(page) {
  await openAlert(page);
  await page.getByRole('button', { name: /Resolve|Dismiss/ }).click();
}

async function endOne(page) {
  const end = page.getByRole('button', { name: /^End the session/ }).first();
  await end.click();
  await page
    .getByRole('link', { name: /receipt/i })
    .first()
    .click();
  await page.getByText('Who confirmed').waitFor();
}

async function openPerson(page) {
  await page.locator('tbody tr').nth(3).locator('a').first().click();
  await page.getByText('30 days').waitFor();
}

/** Follows links from the first attempt of the live page on, each by the beginning of its address. */
function openFrom(...addresses) {
  return async (page) => {
    await openFirst(page);
    for (const address of addresses) {
      await page.locator(`a[href^="${address}"]`).first().click();
      await page.getByText('30 days').waitFor();
    }
  };
}

async function openDevice(page) {
  await page.locator('tbody tr').first().locator('a').first().click();
  await page.locator('a[href^="/device/"]').first().click();
  await page.getByText('First used').waitFor();
}

async function openIncident(page) {
  await openAlert(page);
  await page.locator('a[href^="/incidents/"]').first().click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

let made = 0;
async function connect(page) {
  await page.getByRole('button', { name: 'New application' }).click();
  await page.getByLabel(/Name/).fill(`Webmail ${(made += 1)}`);
  await page.keyboard.press('Enter');
  await page
    .getByText(/shown now and never again/)
    .first()
    .waitFor();
}

async function createKey(page) {
  await page.getByLabel(/Name of the application/).fill(`Shop ${(made += 1)}`);
  await page.keyboard.press('Enter');
  await page.getByText('Copy with key').waitFor();
}
