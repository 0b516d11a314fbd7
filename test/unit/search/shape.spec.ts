import { shapeOf } from '../../../server/search/domain/shape.js';

describe('what a typed text looks like', () => {
  const id = '00000000-0000-4000-8000-00000000000A';
  it.each([
    ['203.0.113.77', { kind: 'address', text: '203.0.113.77' }],
    [' 2001:DB8::1 ', { kind: 'address', text: '2001:DB8::1' }],
    ['::ffff:203.0.113.77', { kind: 'address', text: '::ffff:203.0.113.77' }],
    ['203.0.113.0/24', { kind: 'range', text: '203.0.113.0/24' }],
    ['2001:db8::/64', { kind: 'range', text: '2001:db8::/64' }],
    ['as64496', { kind: 'network', number: '64496' }],
    ['AS 64496', { kind: 'network', number: '64496' }],
    ['a-1042', { kind: 'alert', number: '1042' }],
    ['I-007', { kind: 'incident', number: '7' }],
    [id, { kind: 'id', text: id.toLowerCase() }],
    ['sam@example.com', { kind: 'name', text: 'sam@example.com' }],
    ['Asa', { kind: 'name', text: 'Asa' }],
    ['203.0.113.0/24/1', { kind: 'name', text: '203.0.113.0/24/1' }],
    ['12:30', { kind: 'name', text: '12:30' }],
  ])('%s', (typed, shape) => expect(shapeOf(typed)).toEqual(shape));
});
