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
  { name: 'people', path: '/people' },
  { name: 'audit', path: '/audit' },
  { name: 'settings', path: '/settings' },
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

let made = 0;
async function connect(page) {
  await page.getByRole('button', { name: 'New application' }).click();
  await page.getByLabel(/Name/).fill(`Webmail ${(made += 1)}`);
  await page.keyboard.press('Enter');
  await page
    .getByText(/shown once|only once/i)
    .first()
    .waitFor();
}

async function createKey(page) {
  await page.getByLabel(/Name of the application/).fill(`Shop ${(made += 1)}`);
  await page.keyboard.press('Enter');
  await page.getByText('Copy with key').waitFor();
}
