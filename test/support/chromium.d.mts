import type { Browser, BrowserContext } from 'playwright-core';
export declare function launchChromium(extraFlags?: string[]): Promise<Browser>;
export type Profile = { context: BrowserContext; close: () => Promise<void>; kill: () => Promise<void> };
export declare function openProfile(folder: string): Promise<Profile>;
