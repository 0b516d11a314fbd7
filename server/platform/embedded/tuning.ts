/** Settings of the embedded PostgreSQL, given at every start, so that a newer Gatehouse can change them. */
export function serverSettings(port: number, durable: boolean): string[] {
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    // No socket file: its path may be longer than the system allows (107 bytes), and TCP is there anyway.
    unix_socket_directories: '',
    cluster_name: 'gatehouse',
    max_connections: 100,
    shared_buffers: '128MB',
    effective_cache_size: '1GB',
    // An answer 202 promises that the attempt is on disk.
    synchronous_commit: 'on',
    // Steady writing makes few, spread-out checkpoints of this.
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // Local SSDs: an index read costs hardly more than a sequential one.
    random_page_cost: 1.1,
    // Compiling short queries costs more than it gains.
    jit: 'off',
    timezone: 'UTC',
    // One log file a weekday, overwritten a week later: the log can't fill the disk.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_size: 0,
    log_line_prefix: '%m [%p] ',
    ...(durable ? {} : forTests),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * For tests, whose data may be lost with the machine, and which run several installations beside each other. Commits stay ordered;
 * only the wait for the disk goes.
 */
const forTests = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: 400 };
