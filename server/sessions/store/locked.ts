/** Whether the session `s` is locked, by hand or by itself for want of use. */
export const locked = '(s.locked_at IS NOT NULL OR coalesce(s.last_seen_at + s.lock_after <= now(), false))';
