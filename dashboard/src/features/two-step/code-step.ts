import { router } from '../../app/router.svelte.js';

/** Whether a first code was sent: in the address, so that whoever comes back from the mailbox to a page loaded again can type it. */
export const coding = (): boolean => router.query.get('step') === 'code';

export const toCode = (): void => router.filter({ step: 'code' }, { replace: true });
export const fromCode = (): void => router.filter({ step: null }, { replace: true });
