import { newPeople } from '../../../server/contracts/people.js';
import { companyOf, directoryOf } from '../../../server/simulation/domain/people.js';

const company = companyOf(2026);

describe('the simulated company', () => {
  it('is the same for the same seed and another for another', () => {
    expect(companyOf(2026)).toEqual(company);
    expect(directoryOf(companyOf(7))).not.toEqual(directoryOf(company));
  });

  it('has 200 people with names, addresses and user names of their own', () => {
    expect(company.people).toHaveLength(200);
    for (const field of ['name', 'email', 'username'] as const) {
      expect(new Set(company.people.map((person) => person[field])).size).toBe(200);
    }
  });

  it('is a directory that the API takes', () => {
    expect(newPeople.safeParse(directoryOf(company)).error).toBeUndefined();
  });

  it('lives at example.com alone', () => {
    for (const { email } of company.people) expect(email).toMatch(/^[a-z]+(\.[a-z]+)+@example\.com$/);
  });

  it('reports to one chief executive, superiors listed first', () => {
    const seen = new Set<string>();
    const managers = new Set(company.people.filter(({ manages }) => manages).map(({ email }) => email));
    for (const [index, person] of company.people.entries()) {
      if (index === 0) expect(person.managerEmail).toBeNull();
      else expect(seen).toContain(person.managerEmail);
      if (person.managerEmail !== null) expect(managers).toContain(person.managerEmail);
      seen.add(person.email);
    }
    expect(managers.size).toBe(23);
  });

  it('gives nobody a privileged role: a key that writes people must not make administrators', () => {
    expect(new Set(directoryOf(company).map(({ role }) => role))).toEqual(new Set(['user', 'manager']));
  });

  it('knows part time, shifts and people without a second factor', () => {
    const desk = company.people.flatMap(({ rhythm }) => (rhythm.kind === 'desk' ? [rhythm] : []));
    expect(desk.filter(({ workdays }) => workdays.length < 5).length).toBeGreaterThan(8);
    expect(company.people.length - desk.length).toBe(25);
    expect(company.people.find(({ name }) => name === 'Sam Okafor')).toMatchObject({
      factor: 'password',
      title: 'Freight planner',
      managerEmail: 'ingrid.solheim@example.com',
    });
  });
});
