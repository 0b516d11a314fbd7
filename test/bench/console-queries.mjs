const HOUR_MS = 3_600_000;
const ago = (hours) => new Date(Date.now() - hours * HOUR_MS).toISOString();

/** So many examples of each kind of thing, often and seldom seen ones. */
const EXAMPLES = 20;

/**
 * What the console asks, each with a path for every round. Examples come from what is stored, so that answers are not empty.
 * @param {import('pg').Client} client
 * @returns {Promise<{ name: string, path: (round: number) => string }[]>}
 */
export async function consoleQueries(client) {
  const examples = await takeExamples(client);
  const plain = (path) => ({ name: path, path: () => `/api/v1${path}` });
  const each = (name, values, path) => ({
    name,
    path: (round) => `/api/v1${path(encodeURIComponent(values[round % values.length]))}`,
  });
  const { attempts, people, addresses, networks, countries, applications, alerts, subjects, reasons } = examples;
  const narrowed = (base) => [
    each(`${base} by person`, people, (id) => `${base}person=${id}`),
    each(`${base} by name tried`, subjects, (subject) => `${base}subject=${subject}`),
    each(`${base} by address`, addresses, (ip) => `${base}ip=${ip}`),
    each(`${base} by address range`, addresses, (ip) => `${base}cidr=${ip}${ip.includes('%3A') ? '/64' : '/24'}`),
    each(`${base} by network`, networks, (asn) => `${base}asn=${asn}`),
    each(`${base} by country`, countries, (country) => `${base}country=${country}`),
    each(`${base} by application`, applications, (id) => `${base}application=${id}`),
    each(
      `${base} by outcome`,
      ['success', 'failure', 'challenge', 'blocked'],
      (outcome) => `${base}outcome=${outcome}`,
    ),
    each(`${base} by reason`, reasons, (reason) => `${base}reason=${reason}`),
    each(`${base} by risk`, ['60', '85'], (risk) => `${base}riskMin=${risk}`),
    each(`${base} by network and outcome`, networks, (asn) => `${base}asn=${asn}&outcome=failure`),
  ];
  return [
    plain('/me'),
    plain('/overview/figures'),
    ...['24h', '7d', '30d'].map((period) => plain(`/overview/lists?period=${period}`)),
    ...narrowed('/overview/figures?'),
    ...narrowed('/overview/lists?period=24h&'),
    ...narrowed('/overview/lists?period=30d&'),
    plain('/attempts?limit=50'),
    ...narrowed('/attempts?limit=50&'),
    ...narrowed(`/attempts?limit=50&from=${ago(720)}&to=${ago(700)}&`),
    plain(`/attempts/counts?from=${ago(1 / 6)}`),
    // Counts are by outcome already.
    ...narrowed(`/attempts/counts?from=${ago(23.9)}&`).filter(({ name }) => !name.endsWith('outcome')),
    each('/attempts/:id', attempts, (id) => `/attempts/${id}`),
    plain('/alerts?status=open&folded=true&limit=200'),
    plain('/alerts?status=resolved'),
    each('/alerts/:id', alerts, (id) => `/alerts/${id}`),
    each('/alerts of a person', people, (id) => `/alerts?person=${id}&status=all`),
    plain('/sessions?state=live&limit=200'),
    plain('/sessions?state=ended'),
    each('/sessions of a person', people, (id) => `/sessions?person=${id}`),
    plain('/people'),
    plain('/people/count'),
    plain('/people?search=person%201'),
    each('/people/:id', people, (id) => `/people/${id}`),
    plain('/applications'),
    plain('/audit'),
    plain('/mail'),
    plain('/policies/detection'),
  ];
}

async function takeExamples(client) {
  const column = async (sql) => (await client.query(sql)).rows.map(({ value }) => String(value));
  const oftenAndSeldom = (expression, where = 'true') =>
    column(`WITH counted AS (SELECT ${expression} AS value, count(*) AS n FROM attempts TABLESAMPLE SYSTEM (2) WHERE ${where} GROUP BY 1)
      (SELECT value FROM counted ORDER BY n DESC LIMIT ${EXAMPLES / 2}) UNION (SELECT value FROM counted ORDER BY n LIMIT ${EXAMPLES / 2})`);
  return {
    attempts: await column(`SELECT id AS value FROM attempts TABLESAMPLE SYSTEM (1) LIMIT ${EXAMPLES}`),
    people: await oftenAndSeldom('person_id', 'person_id IS NOT NULL'),
    subjects: await oftenAndSeldom('subject'),
    addresses: await oftenAndSeldom('host(ip)'),
    networks: await oftenAndSeldom('asn', 'asn IS NOT NULL'),
    countries: await oftenAndSeldom('country', 'country IS NOT NULL'),
    reasons: await oftenAndSeldom('reason', 'reason IS NOT NULL'),
    applications: await column('SELECT id AS value FROM applications'),
    alerts: await column(`SELECT id AS value FROM alerts LIMIT ${EXAMPLES}`),
  };
}
