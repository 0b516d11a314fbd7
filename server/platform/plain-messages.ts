import { z } from 'zod';

type Issue = Parameters<NonNullable<z.core.$ZodConfig['customError']>>[0];

/** What a value should be, for people who know what a text is but not what a string is. */
const kinds: Partial<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  date: 'a date',
};
const formats: Partial<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'a full address such as https://example.com',
  uuid: 'an id as Gatehouse gives it',
  datetime: 'a time such as 2026-11-24T14:09:41Z',
  ipv4: 'an IP address',
  ipv6: 'an IP address',
};

/** Sentences that follow the name of a field, instead of the validator's own. */
function plainMessage(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `must ${measure(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${measure(issue.origin, 'at most', issue.maximum)}`;
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? 'in the form that the API describes'}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `has a field that is not known: ${issue.keys.join(', ').slice(0, 200)}`;
    case 'invalid_union':
      return 'is in none of the forms that the API describes';
    default:
      return undefined;
  }
}

function measure(origin: string, limit: string, size: number | bigint): string {
  if (origin === 'string') return `have ${limit} ${size} characters`;
  return origin === 'array' || origin === 'set' ? `have ${limit} ${size} entries` : `be ${limit} ${size}`;
}

z.config({ customError: plainMessage });
