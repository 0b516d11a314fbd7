/**
 * For the heading that says what came of an action whose button is gone with it (`{@attach focusItself}`, with `tabindex="-1"`): the focus
 * would be nowhere, and a heading that is a status is no heading any more to a screen reader.
 */
export const focusItself = (element: HTMLElement): void => element.focus();
