/**
 * Remembers where the focus should go when the pressed button disappears with what it did: to the next button of the
 * same kind in the list, or the one before. Call the result after the change is drawn.
 */
export function focusNext(pressed: HTMLElement): () => void {
  const list = pressed.closest('[data-list]');
  const buttons = [...(list?.querySelectorAll<HTMLElement>('[data-action]') ?? [])];
  const at = buttons.indexOf(pressed);
  return () => {
    if (pressed.isConnected || (document.activeElement !== document.body && document.activeElement !== null)) return;
    const after = buttons.slice(at + 1).find((button) => button.isConnected);
    const before = buttons.slice(0, at).findLast((button) => button.isConnected);
    (after ?? before)?.focus();
  };
}
