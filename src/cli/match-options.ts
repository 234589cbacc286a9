// What may be known of somebody whom "headwater match" looks for: options that are a column each.

export const columns: [name: string, column: string, about: string][] = [
  ['forename', 'forename', 'forename, or a short form of it'], ['middleNames', 'middle_names', 'middle names'], ['surname', 'surname', 'surname'], ['sex', 'sex', 'M or F'],
  ['address', 'address', 'address'], ['postcode', 'postcode', 'postcode'], ['nhsNumber', 'nhs_number', 'NHS number'], ['upn', 'upn', 'unique pupil number'], ['phone', 'phone', 'telephone'], ['email', 'email', 'e-mail'],
];
