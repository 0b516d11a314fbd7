/** Rooms are named here and nowhere else; a client can't name one. */
export const rooms = {
  /** Staff who watch the stream of attempts right now. */
  watchers: 'watchers',
  /** Everyone with a staff role. */
  staff: 'staff',
  /** Administrators and auditors who look at the page about the system's health right now. */
  health: 'health',
  person: (id: string): string => `person:${id}`,
  /** Staff who look at one alert right now. */
  alert: (id: string): string => `alert:${id}`,
  session: (id: string): string => `session:${id}`,
};
