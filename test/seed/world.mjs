/** Cities with a position, an accuracy in kilometres and a network, and how many of a hundred people work there. */
export const cities = [
  ['PT', 'Lisbon', 38.7167, -9.1333, 20, 3243, 'MEO', 30],
  ['PT', 'Porto', 41.1496, -8.611, 20, 2860, 'NOS Comunicacoes', 8],
  ['NL', 'Rotterdam', 51.9225, 4.4792, 10, 1136, 'KPN B.V.', 14],
  ['NO', 'Bergen', 60.3913, 5.3221, 20, 2119, 'Telenor Norge AS', 8],
  ['DE', 'Hamburg', 53.5511, 9.9937, 20, 3320, 'Deutsche Telekom AG', 8],
  ['GB', 'London', 51.5074, -0.1278, 50, 2856, 'British Telecommunications PLC', 6],
  ['ES', 'Vigo', 42.2406, -8.7207, 20, 3352, 'Telefonica de Espana', 6],
  ['FR', 'Brest', 48.3904, -4.4861, 20, 3215, 'Orange S.A.', 5],
  ['BR', 'Santos', -23.9608, -46.3336, 50, 28573, 'Claro NXT', 4],
  ['US', 'Houston', 29.7604, -95.3698, 50, 7018, 'AT&T Services', 4],
  ['SG', 'Singapore', 1.3521, 103.8198, 20, 9506, 'Singtel Fibre', 3],
  ['JP', 'Yokohama', 35.4437, 139.638, 20, 2516, 'KDDI Corporation', 2],
  ['ZA', 'Durban', -29.8587, 31.0218, 50, 37457, 'Telkom SA', 1],
  ['AU', 'Perth', -31.9505, 115.8605, 50, 1221, 'Telstra', 1],
].map(([country, city, latitude, longitude, accuracyKm, asn, organisation, share]) => ({
  country,
  city,
  latitude,
  longitude,
  accuracyKm,
  asn,
  organisation,
  share,
}));

/** Where attacks come from: networks for servers, with no people in them. */
export const attackers = [
  ['SG', 'Singapore', 1.3521, 103.8198, 20, 64496, 'Quarry Hosting'],
  ['VN', 'Hanoi', 21.0285, 105.8542, 50, 64497, 'Red River Servers'],
  ['RU', 'Moscow', 55.7558, 37.6173, 50, 64498, 'Birch Data'],
  ['US', 'Ashburn', 39.0438, -77.4874, 20, 64499, 'Potomac Cloud'],
  ['NL', 'Amsterdam', 52.3676, 4.9041, 20, 64500, 'Dike Compute'],
].map(([country, city, latitude, longitude, accuracyKm, asn, organisation]) => ({
  country,
  city,
  latitude,
  longitude,
  accuracyKm,
  asn,
  organisation,
}));

export const clients = [
  ['desktop', 'Windows', 'Chrome'],
  ['desktop', 'Windows', 'Edge'],
  ['desktop', 'macOS', 'Safari'],
  ['desktop', 'Linux', 'Firefox'],
  ['mobile', 'iOS', 'Mobile Safari'],
  ['mobile', 'Android', 'Chrome'],
];

export const applicationNames = ['Webmail', 'VPN', 'Payroll', 'Crew portal', 'Warehouse'];
