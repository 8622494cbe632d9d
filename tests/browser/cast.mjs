// Who plays in the stories: roles as the sign-in page names them, and an invented person of the demo's samples.
// One file, so that the demo may rename them without the stories being rewritten.

export const GP = /^(a )?(GP|general practitioner)/i;
export const RECEPTIONIST = /receptionist/i;
export const ANALYST = /analyst/i;
export const PRIVACY_OFFICER = /privacy officer/i;
export const IDENTITY_STEWARD = /identity steward/i;
export const THERAPIST = /^occupational therapist/i;
export const CITIZEN = /^citizen/i;

// Everybody who works here, and a heading of the home of each.
export const DESKS = [
  [/^GP/, /left hospital or came to A&E/i],
  [/^district nurse/i, /visits today/i],
  [/^social worker/i, /open requests/i],
  [/^occupational therapist/i, /planned visits/i],
  [/^consultant/i, /in hospital now/i],
  [/^care coordinator/i, /seen by nobody since/i],
  [/^receptionist/i, /appointments today/i],
  [/^care home manager/i, /residents/i],
  [/^analyst/i, /people known, by neighbourhood/i],
  [/^privacy officer/i, /refused/i],
  [/^records officer/i, /messages that wait/i],
];
export const RECORDS_OFFICER = /records officer/i;

// Known to several feeds. `typed` is what somebody types to find her; `shown` is how any page names her.
export const PERSON = { typed: 'Margaret Ashworth', shown: /margaret/i, family: /ashworth/i };

// The clinical sections of the summary, and words of hers that stand in them: a clinician reads these, and reception
// is never sent them.
export const SECTIONS = ['Problems', 'Allergies', 'Medicines', 'Results'];
export const CLINICAL_WORDS = ['Heart failure', 'Bisoprolol', 'penicillin'];
