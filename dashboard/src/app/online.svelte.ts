/** Whether this device has a network at all. Whether the server answers is told by the socket and by each request. */
class Online {
  /** When the network was lost, in milliseconds; null while it is there. */
  lostAt = $state<number | null>(navigator.onLine ? null : Date.now());

  constructor() {
    addEventListener('online', () => (this.lostAt = null));
    addEventListener('offline', () => (this.lostAt = Date.now()));
  }
}
export const online = new Online();
