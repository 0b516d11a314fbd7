import type { Browser } from 'playwright-core';
export declare function launchChromium(extraFlags?: string[]): Promise<Browser>;
