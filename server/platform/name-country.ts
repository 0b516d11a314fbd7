const names = new Intl.DisplayNames('en-GB', { type: 'region', fallback: 'code' });

/** The name of a country for messages: "Portugal" for `PT`; the code itself where it has none. */
export const nameCountry = (code: string): string => names.of(code) ?? code;
