/** The company's six applications, in the order in which they are created. */
export const applicationNames = ['Webmail', 'VPN', 'Wiki', 'Payroll', 'Git', 'Warehouse terminals'] as const;
export type ApplicationName = (typeof applicationNames)[number];

/** Whether an application knows people by e-mail address or by user name. */
export const subjectKind: Record<ApplicationName, 'email' | 'username'> = {
  Webmail: 'email',
  VPN: 'username',
  Wiki: 'email',
  Payroll: 'email',
  Git: 'username',
  'Warehouse terminals': 'username',
};
