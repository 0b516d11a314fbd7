// `npm run screenshots`: pictures of every screen of this checkout, of a real Gatehouse in which the simulated company lives.
// They go to data/screenshots (`--out DIR`), the selection that the documentation shows goes to docs/images with `--docs`.
// `--only live,alert` takes these screens only, `--looks light,phone` these looks; `--url URL` looks at a Gatehouse that runs
// already, as GATEHOUSE_ADMIN_EMAIL with GATEHOUSE_ADMIN_PASSWORD.
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { inCheckout } from '../../server/cli/checkout.mjs';
import { install } from '../../server/cli/install.mjs';
import { launchChromium } from '../support/chromium.mjs';
import { administrator, Installation } from '../support/installation.mjs';
import { Camera, looks } from './camera.mjs';
import { liveCompany } from './company.mjs';
import { screens } from './screens.mjs';

const { values: asked } = parseArgs({
  options: {
    docs: { type: 'boolean', default: false },
    out: { type: 'string' },
    only: { type: 'string' },
    looks: { type: 'string' },
    url: { type: 'string' },
  },
});
const say = (line) => console.error(line);
const listed = (value) => value?.split(',').map((each) => each.trim());

/** What to take: each screen with its looks. */
function plan() {
  const only = listed(asked.only);
  const wanted = listed(asked.looks) ?? Object.keys(looks);
  const chosen = screens.filter(({ name }) => only === undefined || only.includes(name));
  return chosen.flatMap((screen) => (asked.docs ? (screen.docs ?? []) : wanted).map((look) => ({ screen, look })));
}

async function takeAll(url, who) {
  const browser = await launchChromium();
  try {
    const folder = asked.out ?? inCheckout(asked.docs ? 'docs/images' : 'data/screenshots');
    const camera = new Camera(browser, folder, url, asked.docs ? 'webp' : 'png');
    await camera.signIn(who);
    for (const { screen, look } of plan()) {
      say(`${screen.name}, ${look}`);
      await camera
        .shoot(screen, look)
        .catch((error) => camera.trouble.push(`${screen.name}, ${look}: ${error.message}`));
    }
    for (const line of camera.trouble) console.log(line);
    if (camera.trouble.length > 0) process.exitCode = 1;
    say(`Pictures are in ${folder}.`);
  } finally {
    await browser.close();
  }
}

async function main() {
  if (asked.url !== undefined) {
    const { GATEHOUSE_ADMIN_EMAIL, GATEHOUSE_ADMIN_PASSWORD } = process.env;
    await takeAll(asked.url, {
      email: GATEHOUSE_ADMIN_EMAIL ?? administrator.email,
      password: GATEHOUSE_ADMIN_PASSWORD ?? administrator.password,
    });
    return;
  }
  await install({ say });
  await build({ say });
  const installation = await Installation.start({ say });
  try {
    await liveCompany(installation, say);
    await takeAll(installation.urls[0], administrator);
  } finally {
    await installation.stop();
  }
}

await main();
