import type { OfficeCity } from './places.js';

export type Division = 'Operations' | 'Commercial' | 'Technology' | 'Finance and people';

/** A team of the company: its lead first, then members who share the other titles in turn. */
export type Team = {
  name: string;
  division: Division;
  city: OfficeCity;
  /** Lead included. */
  size: number;
  leadTitle: string;
  titles: readonly string[];
  /** Works in shifts on shared terminals. */
  shifts?: true;
  /** Chance of a business trip in a week. */
  travels: number;
  /** Uses the Git application. */
  writesCode?: true;
};

export const divisionHeads: readonly { division: Division; city: OfficeCity; title: string }[] = [
  { division: 'Operations', city: 'Rotterdam', title: 'Head of operations' },
  { division: 'Commercial', city: 'Lisbon', title: 'Head of sales and care' },
  { division: 'Technology', city: 'Lisbon', title: 'Head of technology' },
  { division: 'Finance and people', city: 'Lisbon', title: 'Head of finance and people' },
];

const team = (
  name: string,
  division: Division,
  city: OfficeCity,
  size: number,
  /** The lead's title, then the members', separated by commas. */
  titles: string,
  more: Partial<Pick<Team, 'shifts' | 'writesCode' | 'travels'>> = {},
): Team => {
  const [leadTitle = name, ...others] = titles.split(', ');
  return { name, division, city, size, leadTitle, titles: others, travels: 0.02, ...more };
};

/** With the five at the top these are 200 people. */
export const teams: readonly Team[] = [
  team('Freight planning', 'Operations', 'Lisbon', 10, 'Freight planning lead, Freight planner'),
  team('Customs', 'Operations', 'Rotterdam', 22, 'Customs lead, Customs agent, Customs clerk, Declarations clerk'),
  team('Warehouse north', 'Operations', 'Rotterdam', 14, 'Warehouse supervisor, Warehouse operative, Forklift driver', {
    shifts: true,
    travels: 0,
  }),
  team('Warehouse south', 'Operations', 'Rotterdam', 13, 'Warehouse supervisor, Warehouse operative, Order picker', {
    shifts: true,
    travels: 0,
  }),
  team('Fleet', 'Operations', 'Bergen', 14, 'Fleet manager, Vessel coordinator, Crew planner, Marine engineer', {
    travels: 0.05,
  }),
  team('Port agency', 'Operations', 'Hamburg', 10, 'Port agency lead, Port agent, Berth planner', { travels: 0.05 }),
  team('Sales south', 'Commercial', 'Lisbon', 16, 'Sales lead, Account manager, Sales representative', {
    travels: 0.15,
  }),
  team('Sales north', 'Commercial', 'Bergen', 8, 'Sales lead, Account manager, Sales representative', {
    travels: 0.15,
  }),
  team('Customer care', 'Commercial', 'Lisbon', 16, 'Customer care lead, Customer care agent, Claims handler'),
  team('Customer care east', 'Commercial', 'Krakow', 12, 'Customer care lead, Customer care agent, Claims handler'),
  team('Platform', 'Technology', 'Lisbon', 14, 'Platform lead, Software engineer, Site reliability engineer', {
    writesCode: true,
  }),
  team('Data', 'Technology', 'Krakow', 8, 'Data lead, Data engineer, Analyst', { writesCode: true }),
  team('Service desk', 'Technology', 'Lisbon', 7, 'Service desk lead, Service desk technician'),
  team('Security', 'Technology', 'Lisbon', 5, 'Security lead, Security analyst', { writesCode: true }),
  team('Finance', 'Finance and people', 'Lisbon', 12, 'Finance lead, Accountant, Controller, Treasury analyst'),
  team('Payroll', 'Finance and people', 'Rotterdam', 5, 'Payroll lead, Payroll officer'),
  team('People', 'Finance and people', 'Lisbon', 6, 'People lead, People partner, Recruiter'),
  team('Legal', 'Finance and people', 'Hamburg', 3, 'General counsel, Lawyer'),
];

/** People with a name of their own, by team and place in it: those of the product's pictures. */
export const cast: Record<string, readonly { name: string; city?: OfficeCity; passwordOnly?: true }[]> = {
  'Freight planning': [
    { name: 'Ingrid Solheim' },
    { name: 'Sam Okafor', passwordOnly: true },
    { name: 'Tomás Leal' },
    { name: 'Beatriz Lima' },
    { name: 'Carla Dias' },
    { name: 'Daan Visser', city: 'Rotterdam' },
    { name: 'Femke Jansen', city: 'Rotterdam', passwordOnly: true },
    { name: 'Klaas Bakker', city: 'Rotterdam' },
    { name: 'Solveig Lie', city: 'Bergen' },
    { name: 'Vera Antunes' },
  ],
  Security: [{ name: 'Teresa Vaz' }, { name: 'Ana Ribeiro' }],
};
