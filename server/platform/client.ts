import { UAParser } from 'my-ua-parser';
import type { Client, DeviceClass } from '../contracts/detection.js';

/** Longest user agent that is looked at: beyond it a hostile one costs time and tells nothing. */
const LENGTH_MAX = 512;

const automation =
  /bot\b|crawl|spider|curl\/|wget|python|go-http|java\/|okhttp|libwww|headless|phantom|selenium|puppeteer|playwright|scrapy|httpclient|axios|node-fetch|powershell|nmap|masscan|hydra/i;

/** Families of device, system and browser. Unknown parts are null, never a guess. */
export function clientOf(userAgent: string | undefined): Client {
  if (userAgent === undefined || userAgent === '') return { device: 'unknown', os: null, browser: null };
  const text = userAgent.slice(0, LENGTH_MAX);
  const parsed = new UAParser(text).getResult();
  const os = parsed.os.name ?? null;
  const browser = family(parsed.browser.name);
  if (automation.test(text)) return { device: 'bot', os, browser: browser ?? (text.split(/[\s/(;]/, 1)[0] || null) };
  return { device: deviceOf(parsed.device.type, os), os, browser };
}

/** `Mobile Chrome` and `Chrome` are one family; which device it is stands apart. */
const family = (name: string | undefined): string | null =>
  name?.replace(/^Mobile /, '').replace(/ Headless$| WebView$/, '') ?? null;

function deviceOf(type: string | undefined, os: string | null): DeviceClass {
  if (type === 'mobile' || type === 'wearable') return 'mobile';
  if (type === 'tablet') return 'tablet';
  return os === null ? 'unknown' : 'desktop';
}

/** `Firefox on Windows`, as people would say it; null when nothing is known. */
export function clientName({ browser, os }: Client): string | null {
  if (browser !== null && os !== null) return `${browser} on ${os}`;
  return browser ?? (os === null ? null : `a browser on ${os}`);
}
